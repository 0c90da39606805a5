import {isOwnClient} from '../../../inspect/server/clients/own-clients.js';
import {endpointAt, isLoopback, isWildcard} from '../../../proxy/address.js';
import type {FaultProxyEvent, ProxyTarget} from '../../../proxy/fault-proxy.js';
import type {TapServers} from '../../../tap/seed-port.js';
import {startTap, type Tap} from '../../../tap/tap.js';
import {TapListenError} from '../../../tap/tap-error.js';
import {isTap} from '../../../tap/tap-inquiry.js';
import {speaksTls} from '../../../tap/wire/request-reader.js';
import {entryOf} from '../../application-entry.js';
import {EngineError} from '../../engine-error.js';
import type {EventsWriter} from '../../log/events-log.js';
import type {EngineOptions} from '../../protocol.js';
import {givenAddressesOf} from '../../target/server-address.js';
import type {Target} from '../../target/target.js';

const tapOnTap = (url: string) =>
	`${url} is another tap, which would count this tap as its application: give the URL of the Redis behind it`;

/**
 * Puts the tap in front of a target, if the options ask for it.
 *
 * @param servers The servers of a target that has several.
 * @throws {EngineError} The address is taken or is not one of this machine, or a tap listens at the target already.
 */
export async function openTap(
	target: Target,
	servers: TapServers | undefined,
	{tap}: EngineOptions,
	log: EventsWriter,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Tap | undefined> {
	if (tap === undefined) return undefined;
	const {address, shownUrl, answerMs} = target;
	const behind = servers ?? address;
	if (behind === undefined) throw new Error('a target has an address or several servers');
	const areTaps = await Promise.all(givenTargets(target, servers).map((each) => isTap(each, answerMs)));
	if (areTaps.includes(true)) throw new EngineError('ERR_TAP_TARGET', tapOnTap(shownUrl), 2);
	const said = new Set<string>();
	/** Each warning is logged once, although an application reconnects repeatedly, with all its connections. */
	const warn = (text: string) => {
		if (said.has(text)) return;
		said.add(text);
		log.add({level: 'warn', topic: 'application', text});
	};
	try {
		const opened = await startTap({
			target: behind,
			listen: tap.listen,
			hideKeys: tap.hideKeys,
			onEvent,
			onNamed(name) {
				if (isOwnClient(name)) warn(ownClientText);
			},
			onUnreadable(reason) {
				warn(unreadableText(reason, entryOf(opened.address, shownUrl), behind.tls !== undefined));
			},
		});
		log.add({level: 'info', topic: 'server', text: `the tap listens on ${opened.address}`});
		if (!isLoopback(tap.listen.host))
			log.add({
				level: 'warn',
				topic: 'application',
				text: openToOthersText(opened.address, tap.listen.host),
			});
		return opened;
	} catch (error) {
		if (error instanceof TapListenError) throw new EngineError(error.code, error.message, 2);
		throw error;
	}
}

/** The addresses of the URL. */
function givenTargets({address, parts}: Target, servers: TapServers | undefined): readonly ProxyTarget[] {
	if (address !== undefined) return [address];
	if (parts?.type !== 'cluster' && parts?.type !== 'sentinel') return [];
	return givenAddressesOf(parts).map((each) => ({...endpointAt(each), ...(servers?.tls && {tls: servers.tls(each)})}));
}

/** @param host The one to listen on. */
function openToOthersText(address: string, host: string): string {
	const name = isWildcard(host) ? ' by the name or an address of this machine' : '';
	return `other machines can connect to ${address}${name}, without TLS: anyone who can reach this port can use that Redis, if they know its passwords`;
}

const ownClientText =
	"another redis-cache-tui is connected to this tap, and what it sends counts as the application's: give that one the URL of the server, not of the tap";

function unreadableText(reason: string, entry: string, serverHasTls: boolean): string {
	if (reason !== speaksTls) return `a connection is forwarded without being read: ${reason}`;
	const andTap = serverHasTls ? ', and the tap uses TLS to the server' : '';
	return `the application uses TLS, which the tap cannot read: connect it without TLS to ${entry}${andTap}`;
}
