import {Guard} from './guard.js';
import type {GuardRequest} from './messages.js';

/*
 * Entry point of the guard process, which stands between the program and a private server. When the channel to the
 * program closes, for whatever reason (even SIGKILL), it kills the server, running or stopped, removes its directory
 * and ends.
 */

const guard = new Guard((message) => {
	// Errors are ignored: if the channel has just closed, 'disconnect' follows.
	if (process.connected) process.send?.(message, () => {});
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void guard.close());
process.once('uncaughtException', () => guard.end());
process.once('disconnect', () => void guard.close());
process.on('message', (request: GuardRequest) => void guard.handle(request));
if (!process.connected) void guard.close();
