import {WireRecord} from '../../../drills/wire/wire-record.js';
import {type FaultProxy, startFaultProxy} from '../../../proxy/fault-proxy.js';
import type {Endpoint, LinkObserver, ProxyTarget} from '../../../proxy/types.js';
import {keyPrinter} from '../../../tap/key-text.js';
import {openSeedPort, type SeedPort, type TapServers} from '../../../tap/seed-port.js';
import {TappedLinks} from '../../../tap/tapped-links.js';
import {startWords} from '../../application-entry.js';
import {EngineError} from '../../engine-error.js';
import type {EventsWriter} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';
import {urlWithHosts} from '../../target/server-address.js';
import type {Target} from '../../target/target.js';
import type {DrilledApplication} from './drilled-application.js';

/** A separate port of the fault proxy for an application, whose traffic is read. */
export type ApplicationPort = DrilledApplication & {
	/**
	 * URL for the application, with the credentials of the target. If there are several servers, it looks like a cluster with
	 * one node, or like one Sentinel. Always without TLS, which only the proxy uses.
	 */
	readonly url: string;
	/** URL of the same Redis that faults do not affect, for another process of the application. Without TLS as well. */
	readonly calmUrl: string;
	/** Stops reading. The port closes with the proxy. */
	close(): Promise<void>;
};

type PortOptions = {
	/** Default: any. */
	readonly port: number | undefined;
	/** True to show hashes instead of the names of keys. */
	readonly hideKeys: boolean;
	/** The servers of a target that has several. */
	readonly servers: TapServers | undefined;
};

/**
 * Opens a port on loopback for an application.
 *
 * @throws {EngineError} The port is taken.
 */
export async function openApplicationPort(
	target: Pick<Target, 'proxy' | 'cacheUrl' | 'directUrl' | 'address' | 'shownUrl'>,
	{port, hideKeys, servers}: PortOptions,
	log: EventsWriter,
): Promise<ApplicationPort> {
	const {proxy, directUrl, address, shownUrl} = target;
	const behind = servers ?? address;
	if (behind === undefined) throw new Error('a target has an address or several servers');
	const links = new TappedLinks((reason) =>
		log.add({level: 'warn', topic: 'application', text: `a connection of the application cannot be read: ${reason}`}),
	);
	const opened = await openPort(proxy, behind, {
		listen: port === undefined ? undefined : {host: '127.0.0.1', port},
		observe: (client, node) => links.open(client, node),
	}).catch((error: NodeJS.ErrnoException) => {
		const reason = error.code === 'EADDRINUSE' ? 'another program listens there' : oneLine(error);
		throw new EngineError('ERR_LISTEN', `cannot listen on 127.0.0.1:${port}: ${reason}`, 2);
	});
	const printKey = keyPrinter({hide: hideKeys});
	// Servers without TLS need no second proxy: the application can connect to them directly.
	const calmProxy = behind.tls && (await startFaultProxy({}));
	const calm =
		calmProxy &&
		(await openPort(calmProxy, behind, {}).catch(async (error: unknown) => {
			await calmProxy.close();
			throw error;
		}));
	const urlAt = (at: Endpoint) => (servers ? urlWithHosts(directUrl, [at]) : urlMoved(target, at));
	const stopFollowing = links.follow(proxy);
	// `localhost` is not masked in messages: people need this address for the application.
	const named = `localhost:${opened.port}`;
	return {
		address: named,
		entry: startWords(named, shownUrl),
		url: urlAt(opened),
		calmUrl: calm ? urlAt(calm) : directUrl,
		get isUnused() {
			return opened.accepted() === 0;
		},
		record: () => new WireRecord(links, printKey),
		async close() {
			stopFollowing();
			await calmProxy?.close();
		},
	};
}

/** Opens a port of a proxy in front of a server, or of several. */
function openPort(
	proxy: FaultProxy,
	behind: ProxyTarget | TapServers,
	{
		listen,
		observe,
	}: {
		readonly listen?: Endpoint | undefined;
		readonly observe?: (client: string, node?: string) => LinkObserver;
	},
): Promise<SeedPort> {
	if ('seeds' in behind) return openSeedPort(proxy, {servers: behind, listen, observe});
	return proxy.openPort({
		...(listen && {listen}),
		...(observe && {observe: (client: string) => observe(client)}),
		lead: () => ({target: behind, node: undefined}),
	});
}

/** The URL of the proxy with the address of another port, without TLS. */
function urlMoved({cacheUrl, proxy}: Pick<Target, 'cacheUrl' | 'proxy'>, to: Endpoint): string {
	const address = `${proxy.host}:${proxy.port}`;
	// The last occurrence, since a password may contain the same text.
	const at = cacheUrl.lastIndexOf(address);
	const moved = `${cacheUrl.slice(0, at)}${to.host}:${to.port}${cacheUrl.slice(at + address.length)}`;
	return moved.replace(/^rediss:/, 'redis:');
}
