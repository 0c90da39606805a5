import {NodeSilentError} from '../../../inspect/server/info/node-silent-error.js';
import {InvalidArgumentError, ServerError} from '../../../pool/errors.js';
import {EngineError} from '../../engine-error.js';
import {oneLine} from '../../one-line.js';
import {firstAddressOf} from '../server-address.js';
import type {Target} from '../target.js';
import {type AddressAnswer, answerOf, type TlsFailure, tlsFailureAt} from './examine-address.js';

/**
 * The error for a Redis that did not become usable at the start: one line with the reason and advice. If the failed connection
 * does not show the reason, the address is examined, without a login.
 *
 * @param error The error of the pool.
 */
export async function unreachable(error: unknown, target: Target, examine: Examine): Promise<Error> {
	if (error instanceof InvalidArgumentError || error instanceof EngineError) return error;
	return new EngineError('ERR_UNREACHABLE', await sayWhy(causesOf(error), target, examine), 3);
}

/** True for a failure to connect that would repeat: a refused login, a certificate. */
export function isLasting(error: unknown): boolean {
	return causesOf(error).some((cause) =>
		cause instanceof ServerError
			? cause.kind === 'denied' || isMissingDatabase(cause) || isNoCluster(cause)
			: 'code' in cause && (untrusted.has(String(cause.code)) || /^(?:CERT|ERR_TLS|ERR_SSL)_/.test(String(cause.code))),
	);
}

const isMissingDatabase = ({message}: ServerError) => message.includes('DB index is out of range');

const isNoCluster = ({message}: ServerError) => message.includes('cluster support disabled');

/** The error and its causes, from the outside in. */
function causesOf(error: unknown): readonly Error[] {
	return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

async function sayWhy(causes: readonly Error[], target: Target, examine: Examine): Promise<string> {
	const {shownUrl, address, answerMs} = target;
	const reply = causes.find((cause) => cause instanceof ServerError);
	if (reply !== undefined) return sayRefusal(reply, target);
	const problem = await examine();
	if (problem !== undefined) return problem.text;
	const words = target.tunnel?.lastWords;
	if (words !== undefined) return `cannot reach ${shownUrl} through its tunnel: ssh says ${words}`;
	const [outer, cause] = causes;
	if (outer instanceof NodeSilentError)
		return `cannot reach ${shownUrl} within ${answerMs / 1000} s: no node answers (${outer.address}: ${outer.reason}); check the URL`;
	const advice = `within ${answerMs / 1000} s: check the URL (${target.maskProxyAddress(oneLine(cause ?? outer))})`;
	// At a single address, something was found to listen. A long command or script also keeps a Redis from answering.
	if (address && !causes.some((each) => 'syscall' in each))
		return `${shownUrl} accepts connections but does not answer as Redis does within ${answerMs / 1000} s: a long command blocks it, it is far away (give a longer --deadline), or it is not a Redis; try again, and check the URL`;
	return address
		? `${shownUrl} accepts connections but does not answer as Redis does ${advice}`
		: `cannot reach ${shownUrl} ${advice}`;
}

/** The reason why an address does not answer like Redis. */
export type Problem = {
	readonly text: string;
	/** False if the problem may be temporary. */
	readonly isLasting: boolean;
};

/** Resolves with the problem of the target, which is examined only once. */
export type Examine = () => Promise<Problem | undefined>;

/** Examines the address of a target, without a login. Undefined if no reason was found. */
export async function problemOf(target: Target): Promise<Problem | undefined> {
	const {parts, tls} = target;
	const address = target.address ?? (parts && firstAddressOf(parts));
	if (parts === undefined || address === undefined) return undefined;
	const failure = tls && (await tlsFailureAt(address, tls));
	const text = failure && sayTlsFailure(failure, target);
	return text === undefined ? sayAnswer(await answerOf(address), target) : {text, isLasting: true};
}

const protectedMode =
	'is in protected mode, and accepts connections from its own machine only: set a password there (requirepass, or ACL SETUSER), and write it into the URL';
const noRoom = 'accepts no more clients: close some, or raise its setting maxclients';

function sayAnswer(answer: AddressAnswer, {shownUrl, tls}: Target): Problem | undefined {
	const lasting = (words: string) => ({text: `${shownUrl} ${words}`, isLasting: true});
	switch (answer) {
		case 'http':
			return lasting('is not a Redis: a web server answers there; check host and port');
		case 'tls':
			return tls ? undefined : lasting(`requires TLS: write ${shownUrl.replace(/\bredis:/, 'rediss:')}`);
		case 'silence':
			return undefined;
		case 'protected':
			return lasting(protectedMode);
		case 'full':
			return {text: `${shownUrl} ${noRoom}`, isLasting: false};
		case 'redis':
			return tls ? lasting(`does not use TLS: write ${shownUrl.replace(/\brediss:/, 'redis:')}`) : undefined;
	}
}

function sayRefusal(reply: ServerError, {shownUrl, parts}: Target): string {
	const {prefix, message} = reply;
	switch (prefix) {
		case 'NOAUTH':
			return `${shownUrl} requires a password, and the URL has none: write it before the host, as user:password@ or :password@`;
		case 'WRONGPASS':
			// Redis gives the same answer for both, so that user names cannot be guessed.
			return parts?.username === undefined
				? `${shownUrl} refused the password of the default user: check it, or write user:password@ before the host`
				: `${shownUrl} refused the user name and password of the URL: there is no such user, the user is disabled, or the password is wrong`;
		case 'NOPERM':
			return `${shownUrl} accepted the login, but the user lacks rights: ${message}`;
		case 'DENIED':
			return `${shownUrl} ${protectedMode}`;
		default:
			if (isMissingDatabase(reply))
				return `${shownUrl} has no database ${parts && 'db' in parts ? parts.db : 0}: write a smaller number, or none for database 0 (the setting "databases" limits it, 16 by default)`;
			if (isNoCluster(reply)) {
				const single = shownUrl.replace('+cluster:', ':').replace(/,.*$/, '');
				return `${shownUrl} is not a cluster: a single server answers there; write ${single}`;
			}
			if (message.includes('max number of clients')) return `${shownUrl} ${noRoom}`;
			return `${shownUrl} refuses this program: ${message}`;
	}
}

const untrusted: ReadonlySet<string> = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'CERT_SIGNATURE_FAILURE',
]);

/** Describes a TLS failure; undefined if it does not concern certificates. */
function sayTlsFailure({code, message, names}: TlsFailure, {shownUrl, tls}: Target): string | undefined {
	if (untrusted.has(code))
		return `the certificate of ${shownUrl} is not trusted (${message}): give --ca with the certificate of its authority, or --insecure to accept any`;
	switch (code) {
		case 'ERR_TLS_CERT_ALTNAME_INVALID': {
			const others = names === undefined ? '' : ` (${names.replaceAll(/\b(?:DNS|IP Address):/g, '')})`;
			return `the certificate of ${shownUrl} is for another host${others}: write its name into the URL, or give --insecure to accept any`;
		}
		case 'CERT_HAS_EXPIRED':
			return `the certificate of ${shownUrl} has expired: renew it, or give --insecure to accept any`;
		case 'CERT_NOT_YET_VALID':
			return `the certificate of ${shownUrl} is not valid yet: check the clocks of both machines`;
	}
	// The server has ended the handshake.
	if (!/ALERT/.test(code)) return undefined;
	if (tls?.cert === undefined && /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/.test(code))
		return `${shownUrl} requires a client certificate: give --cert and --key`;
	const alert = /ALERT_(.*)$/.exec(code)?.[1]?.toLowerCase().replaceAll('_', ' ') ?? code;
	return tls?.cert === undefined
		? `${shownUrl} refuses the TLS handshake (${alert})`
		: `${shownUrl} refuses the certificate of --cert (${alert}): is it of an authority that the server trusts?`;
}
