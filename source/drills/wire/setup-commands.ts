const setup = /^(?:ASKING|AUTH|CLIENT|CLUSTER|COMMAND|ECHO|HELLO|INFO|PING|QUIT|READONLY|RESET|ROLE|SELECT)\b/;

/** True for a command that clients send of their own accord: to set up a connection, or to look whether it still works. */
export function isSetup(command: string): boolean {
	return setup.test(command);
}
