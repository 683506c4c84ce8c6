# Jiceng 基层: `make` alone prints what can be made.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Neither dbt nor Great Expectations reports home.
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
SOURCES := benchmarks dags delivery expectations ingestion jiceng requirements samples tests warehouse
SQL := dbt_project/models dbt_project/tests expectations/reference

.PHONY: help
help: ## 列出所有目标 List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  \033[1mmake %-10s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- 运行 running ----

.PHONY: run
run: environment ## 从零跑完一晚：环境、示例数据、收件到发布 One night from nothing: environment, sample, inbox to marts
	@jiceng sample --if-empty
	@python dags/jiceng_airflow.py night || { jiceng status; exit 1; }
	@jiceng status

.PHONY: airflow
airflow: environment ## 单机 Airflow（http://127.0.0.1:8080） Standalone Airflow with the DAG and its pool
	@echo "用户 user admin；密码 password: .airflow/simple_auth_manager_passwords.json.generated"
	@exec python dags/jiceng_airflow.py standalone

.PHONY: bench
bench: environment-dev ## 读表性能对比 What reading costs, beside calamine and pandas
	@jiceng bench

# ---- 检查 checking ----

.PHONY: test
test: environment-dev ## 环境，然后是 CI 的全部检查 Environment, then everything CI runs
	@$(MAKE) lint types tests

.PHONY: lint
lint: environment-dev ## 代码与 SQL 规范 Lint Python and SQL
	ruff check $(SOURCES)
	ruff format --check $(SOURCES)
	sqlfluff lint --processes 2 --disable-progress-bar $(wildcard $(SQL))

.PHONY: types
types: environment-dev ## 类型检查 Type check
	mypy

.PHONY: tests
tests: environment-dev ## 全部测试 All tests (make tests ARGS='tests/ingestion -k totals')
	pytest --numprocesses 2 --dist loadfile $(ARGS)

.PHONY: faults
faults: environment-dev ## 故障试验（TRIALS 次，SEED 定随机数） Trials of kills, full disks and damage (TRIALS, by SEED)
	FAULT_TRIALS=$(or $(TRIALS),1000) FAULT_SEED=$(or $(SEED),2014) pytest -q \
		tests/end_to_end/test_fault_trials.py tests/end_to_end/test_night_faults.py

.PHONY: format
format: environment-dev ## 自动排版 Format Python and SQL
	ruff check --fix-only --quiet $(SOURCES)
	ruff format $(SOURCES)
	sqlfluff fix --disable-progress-bar --quiet $(wildcard $(SQL))

.PHONY: hooks
hooks: environment-dev ## 安装提交前检查 Install the pre-commit hooks
	pre-commit install

# ---- 环境 environment ----

.PHONY: environment environment-dev
environment:
	@requirements/install.sh run
environment-dev:
	@requirements/install.sh dev

.PHONY: lock
lock: environment-dev ## 重新锁定依赖 Resolve the lock files again
	requirements/lock.sh

.PHONY: licences
licences: environment-dev ## 依赖的许可证清单（离线） Licences of all that is installed, offline
	@python requirements/installed.py licences

.PHONY: audit-deps
audit-deps: environment-dev ## 核对已装依赖与锁定文件 Hold every installed file against the lock, offline
	@python requirements/installed.py audit dev.lock

.PHONY: clean
clean: ## 删除可再生成的文件，不动 data/ Remove what can be made again; data/ stays
	rm -rf .airflow .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
