import {isOwnClient} from '../../../inspect/server/clients/own-clients.js';
import {endpointAt, isLoopback} from '../../../proxy/address.js';
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
import type {Target} from '../../target/target.js';

const tapOnTap = (url: string) =>
	`${url} is a tap already, which would take this one for its application: give the URL of the Redis behind it`;

/**
 * Puts the tap in front of a target, if the options ask for it.
 *
 * @param servers The servers of a target that has several.
 * @throws {EngineError} The address is taken or is not one of this machine, or a tap listens at the target already.
 */
export async function openTap(
	{address, shownUrl, answerMs}: Target,
	servers: TapServers | undefined,
	{tap}: EngineOptions,
	log: EventsWriter,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Tap | undefined> {
	if (tap === undefined) return undefined;
	const target = servers ?? address;
	if (target === undefined) throw new Error('a target has an address or several servers');
	const areTaps = await Promise.all(addressesOf(target).map((each) => isTap(each, answerMs)));
	if (areTaps.includes(true)) throw new EngineError('ERR_TAP_TARGET', tapOnTap(shownUrl), 2);
	const said = new Set<string>();
	/** Each once: an application comes back with all its connections, and again. */
	const warn = (text: string) => {
		if (said.has(text)) return;
		said.add(text);
		log.add({level: 'warn', topic: 'application', text});
	};
	try {
		const opened = await startTap({
			target,
			listen: tap.listen,
			hideKeys: tap.hideKeys,
			onEvent,
			onNamed(name) {
				if (isOwnClient(name)) warn(ownClientText);
			},
			onUnreadable(reason) {
				warn(unreadableText(reason, entryOf(opened.address, shownUrl), target.tls !== undefined));
			},
		});
		log.add({level: 'info', topic: 'server', text: `the tap listens on ${opened.address}`});
		if (!isLoopback(tap.listen.host))
			log.add({
				level: 'warn',
				topic: 'application',
				text: `other machines can connect to ${opened.address}, without TLS`,
			});
		return opened;
	} catch (error) {
		if (error instanceof TapListenError) throw new EngineError(error.code, error.message, 2);
		throw error;
	}
}

/** The addresses that an application would begin with. */
function addressesOf(target: ProxyTarget | TapServers): readonly ProxyTarget[] {
	if (!('seeds' in target)) return [target];
	return target.seeds().map((address) => ({...endpointAt(address), ...(target.tls && {tls: target.tls(address)})}));
}

const ownClientText =
	"another redis-cache-tui is connected to this tap, and what it sends counts as the application's: give that one the URL of the server, not of the tap";

function unreadableText(reason: string, entry: string, serverHasTls: boolean): string {
	if (reason !== speaksTls) return `a connection is passed on without reading it: ${reason}`;
	const andTap = serverHasTls ? ', the tap speaks TLS to the server' : '';
	return `the application speaks TLS, which the tap cannot read: point it at ${entry}${andTap}`;
}
