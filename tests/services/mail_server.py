"""A mail server of a test, on whatever port is free."""

from aiosmtpd.controller import Controller


class AnyPort(Controller):
    """A mail server on whatever port is free; ``port`` says which once it has started."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
