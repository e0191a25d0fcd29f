"""What the console's log may not hold."""

import logging


class NoAddresses(logging.Filter):
    """Addresses of pages hold log-ins and tokens: a fault is logged by its traceback alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without the address."""
        record.msg, record.args = "a page met a fault", None
        record.__dict__.pop("request", None)
        return True
