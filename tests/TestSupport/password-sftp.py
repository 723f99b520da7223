"""AsyncSSH's SFTP server, which lets one user in by password: python3 password-sftp.py KEY USER PASSWORD password|dialogue. It says its port, and ends with its input."""
import asyncio
import sys

import asyncssh

key, user, password, way = sys.argv[1:]


class Door(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return way == "password"

    def validate_password(self, username, given):
        return (username, given) == (user, password)

    def kbdint_auth_supported(self):
        return way == "dialogue"

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "", [("Name: ", True), ("Password: ", False)]

    def validate_kbdint_response(self, username, responses):
        return (username, *responses) == (user, user, password)


async def main():
    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Door, server_host_keys=[key], sftp_factory=asyncssh.SFTPServer, allow_scp=False)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
