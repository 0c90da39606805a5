import {RedisCacheError} from '../pool/errors.js';

const reasons: Readonly<Record<string, (address: string) => string>> = {
	EADDRINUSE: (address) => `another program listens on ${address}: stop it, or choose another port with --listen`,
	EADDRNOTAVAIL: (address) => `this machine has no such address: give one of its own with --listen, not ${address}`,
	EACCES: (address) => `this user may not listen on ${address}: choose a port above 1023 with --listen`,
	EAI_AGAIN: (address) =>
		`the host cannot be looked up now: give an address of this machine with --listen, not ${address}`,
	ENOTFOUND: (address) => `no such host: give an address of this machine with --listen, not ${address}`,
};

/** The tap cannot listen at its address. */
export class TapListenError extends RedisCacheError {
	override readonly name = 'TapListenError';

	constructor(address: string, cause: unknown) {
		const {code = '', message = String(cause)} = cause as NodeJS.ErrnoException;
		const reason = reasons[code]?.(address) ?? message;
		super('ERR_TAP_LISTEN', `the tap cannot listen: ${reason}`, {cause});
	}
}
