-- Run once, when PostgreSQL makes its files: the ledger lies beside Airflow's own database.
create database ledger;
