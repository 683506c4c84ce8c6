"""Which reader read a file: raise the number when the same bytes would be read otherwise than before.

The next night then reads every file again, from the archive. It is a number and not a hash of the sources, because most
changes of the sources change no reading, and reading years of returns again costs an hour or more.
"""

READER_VERSION = 12
