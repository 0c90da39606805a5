const setup = /^(?:ASKING|AUTH|CLIENT|CLUSTER|COMMAND|ECHO|HELLO|INFO|PING|QUIT|READONLY|RESET|ROLE|SELECT)\b/;

/** True for a command that clients send by themselves: to set up a connection, or to check that it still works. */
export function isSetup(command: string): boolean {
	return setup.test(command);
}
