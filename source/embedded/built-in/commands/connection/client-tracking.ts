import {map, ok, type Reply, set} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {isWord, numberOf, Options} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';

type TrackingRequest = {
	redirect: number;
	bcast: boolean;
	optIn: boolean;
	optOut: boolean;
	noLoop: boolean;
	prefixes: string[];
};

function parse(client: Client, args: readonly string[]): TrackingRequest {
	const request: TrackingRequest = {
		redirect: 0,
		bcast: false,
		optIn: false,
		optOut: false,
		noLoop: false,
		prefixes: [],
	};
	const options = new Options(args, 3);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option === 'REDIRECT' && options.left > 0) {
			if (request.redirect !== 0) throw new CommandError('ERR A client can only redirect to a single other client');
			request.redirect = numberOf(options.value());
			if (!client.server.clients.has(request.redirect)) {
				throw new CommandError('ERR The client ID you want redirect to does not exist');
			}
		} else if (option === 'BCAST') request.bcast = true;
		else if (option === 'OPTIN') request.optIn = true;
		else if (option === 'OPTOUT') request.optOut = true;
		else if (option === 'NOLOOP') request.noLoop = true;
		else if (option === 'PREFIX' && options.left > 0) request.prefixes.push(options.value());
		else throw syntaxError;
	}
	return request;
}

function checkRequest({tracking}: Client, request: TrackingRequest): void {
	const {bcast, optIn, optOut, prefixes} = request;
	const fail = (text: string): never => {
		throw new CommandError(`ERR ${text}`);
	};
	const rest = 'mode before disabling tracking for this client, and then re-enabling it with a different mode.';
	if (!bcast && prefixes.length > 0) fail('PREFIX option requires BCAST mode to be enabled');
	if (tracking && tracking.bcast !== bcast) fail(`You can't switch BCAST mode on/off ${rest.slice(5)}`);
	if (bcast && (optIn || optOut)) fail('OPTIN and OPTOUT are not compatible with BCAST');
	if (optIn && optOut) fail("You can't specify both OPTIN mode and OPTOUT mode");
	if ((optIn && tracking?.option === 'optout') || (optOut && tracking?.option === 'optin')) {
		fail(`You can't switch OPTIN/OPTOUT ${rest}`);
	}
	if (bcast) checkPrefixes(tracking?.prefixes ?? new Set(), prefixes);
}

/** No prefix of a client must be a prefix of another one, or a key would be reported twice. */
function checkPrefixes(known: ReadonlySet<string>, prefixes: readonly string[]): void {
	prefixes.forEach((prefix, index) => {
		for (const other of known) {
			if (overlap(prefix, other)) {
				throw new CommandError(
					`ERR Prefix '${prefix}' overlaps with an existing prefix '${other}'. Prefixes for a single client must not overlap.`,
				);
			}
		}
		for (const other of prefixes.slice(index + 1)) {
			if (overlap(prefix, other)) {
				throw new CommandError(
					`ERR Prefix '${prefix}' overlaps with another provided prefix '${other}'. Prefixes for a single client must not overlap.`,
				);
			}
		}
	});
}

function overlap(a: string, b: string): boolean {
	return a.startsWith(b) || b.startsWith(a);
}

function tracking(client: Client, args: Args): Reply {
	const request = parse(client, args);
	if (isWord(args[2], 'ON')) {
		checkRequest(client, request);
		const {redirect, bcast, optIn, optOut, noLoop, prefixes} = request;
		const option = optIn ? 'optin' : optOut ? 'optout' : 'none';
		client.server.tracking.enable(client, {redirect, bcast, option, noLoop}, prefixes);
	} else if (isWord(args[2], 'OFF')) client.server.tracking.disable(client);
	else throw syntaxError;
	return ok;
}

function caching({tracking: state}: Client, args: Args): Reply {
	if (!state) {
		throw new CommandError(
			'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
		);
	}
	const yes = isWord(args[2], 'YES');
	if (!yes && !isWord(args[2], 'NO')) throw syntaxError;
	const mode = yes ? 'optin' : 'optout';
	if (state.option !== mode) {
		throw new CommandError(
			`ERR CLIENT CACHING ${yes ? 'YES' : 'NO'} is only valid when tracking is enabled in ${mode.toUpperCase()} mode.`,
		);
	}
	state.caching = true;
	return ok;
}

function trackingInfo({tracking: state}: Client): Reply {
	const flags: string[] = [state ? 'on' : 'off'];
	if (state?.bcast) flags.push('bcast');
	if (state && state.option !== 'none') {
		flags.push(state.option);
		if (state.caching) flags.push(state.option === 'optin' ? 'caching-yes' : 'caching-no');
	}
	if (state?.noLoop) flags.push('noloop');
	if (state?.brokenRedirect) flags.push('broken_redirect');
	const prefixes = [...(state?.prefixes ?? [])].sort();
	return map(['flags', set(flags), 'redirect', state ? state.redirect : -1, 'prefixes', prefixes]);
}

const own = {flags: 'noscript loading stale', categories: 'connection'} as const;

export const trackingSubcommands: readonly Definition[] = [
	{name: 'tracking', arity: -3, ...own, run: tracking},
	{name: 'trackinginfo', arity: 2, ...own, run: trackingInfo},
	{name: 'caching', arity: 3, ...own, run: caching},
	{name: 'getredir', arity: 2, ...own, run: ({tracking: state}) => (state ? state.redirect : -1)},
];
