import {addressOf} from '../proxy/address.js';
import {
	type FaultProxy,
	type FaultProxyEvent,
	type LinkObserver,
	type ProxyTarget,
	startFaultProxy,
} from '../proxy/fault-proxy.js';
import type {Endpoint} from '../proxy/types.js';
import type {Finding} from './findings/finding.js';
import type {ServerReading} from './findings/server/server-reading.js';
import {TrafficFindings} from './findings/traffic-findings.js';
import {type KeyPrinter, keyPrinter} from './key-text.js';
import {KnownKeys} from './known-keys.js';
import {liveConnections} from './live-connections.js';
import {openSeedPort, type TapServers} from './seed-port.js';
import type {LiveTraffic, TrafficSnapshot} from './snapshot.js';
import {TrafficStatistics} from './statistics/traffic-statistics.js';
import {TapListenError} from './tap-error.js';
import {answerToInquiry} from './tap-inquiry.js';
import {TappedLinks} from './tapped-links.js';
import {type TrafficCourse, TrafficTimeline} from './timeline/traffic-timeline.js';
import {FollowedKeys} from './wire/followed-keys.js';

export type TapOptions = {
	/** The server, or the servers, that the application connects to through the tap. */
	readonly target: ProxyTarget | TapServers;
	/**
	 * Address that the application connects to instead. Port 0: any free one. With several servers, the ports after it are used
	 * as well, one for each server, if they are free.
	 */
	readonly listen: Endpoint;
	/** Shows hashes instead of the names of keys. Default: false. */
	readonly hideKeys?: boolean;
	readonly onEvent?: (event: FaultProxyEvent) => void;
	/** A connection uses another protocol. Its bytes are forwarded, and no longer read. */
	readonly onUnreadable?: (reason: string) => void;
	/** A connection has set its name. */
	readonly onNamed?: (name: string) => void;
};

/** A proxy in front of a server that reads the requests and replies of an application. */
export type Tap = {
	/** Breaks the application's connections. */
	readonly proxy: FaultProxy;
	/** The address at which it listens: `127.0.0.1:6380`. */
	readonly address: string;
	/** The connections of the application, for further observers. */
	readonly links: Pick<TappedLinks, 'observe' | 'openConnections' | 'unreadable'>;
	/** Makes the names of keys readable, or hides them. */
	readonly printKey: KeyPrinter;
	snapshot(): TrafficSnapshot & {readonly findings: readonly Finding[]};
	/** The last second, and the current connections. */
	live(): LiveTraffic;
	/** The course of the traffic since the tap began. */
	course(): TrafficCourse;
	/** Call when a fault of the server itself (killed, paused) starts, and when it ends. */
	onServerFault(isActive: boolean): void;
	/** Call about once a minute with the server's own statistics, if they can be read. */
	onServer(figures: ServerReading): void;
	/** Closes the port and resets every connection. */
	close(): Promise<void>;
};

/**
 * Starts listening. Each connection is forwarded to the server byte for byte, whatever protocol it uses.
 *
 * @throws {TapListenError} the address is in use, or is not one of this machine.
 */
export async function startTap(options: TapOptions): Promise<Tap> {
	const {target, listen, hideKeys = false, onEvent, onUnreadable, onNamed} = options;
	const followed = new FollowedKeys();
	const links = new TappedLinks(onUnreadable, followed, onNamed);
	const keys = new KnownKeys();
	const printKey = keyPrinter({hide: hideKeys});
	const statistics = new TrafficStatistics({keys, followed, printKey, startedAt: performance.now()});
	const findings = new TrafficFindings(keys);
	const timeline = new TrafficTimeline(performance.now());
	links.observe(statistics);
	links.observe(findings);
	links.observe(timeline);
	const {proxy, port} = await listenFor(target, {
		listen,
		observe: (client, node) => links.open(client, node),
		onEvent,
	}).catch((error: unknown) => {
		throw new TapListenError(addressOf(listen), error);
	});
	const stopFollowing = links.follow(proxy);
	return {
		proxy,
		links,
		printKey,
		address: addressOf({host: port.host, port: port.port}),
		snapshot() {
			const {up, down} = proxy.bytes();
			const now = performance.now();
			const traffic = statistics.snapshot(now, links.openConnections(), {in: up, out: down});
			return {...traffic, findings: findings.findings(now, printKey)};
		},
		live: () => ({
			lastSecond: timeline.lastSecond,
			connections: liveConnections(links.openConnections(), performance.now()),
		}),
		course: () => timeline.course(),
		onServerFault: (isActive) => findings.onDrillFault(performance.now(), isActive),
		onServer: (figures) => findings.onServer(figures),
		async close() {
			stopFollowing();
			await proxy.close();
		},
	};
}

type ListenOptions = Pick<TapOptions, 'listen'> & {
	readonly onEvent: TapOptions['onEvent'] | undefined;
	readonly observe: (client: string, node?: string) => LinkObserver;
};

/** Starts the proxy, and the port that the application connects to. */
async function listenFor(
	target: ProxyTarget | TapServers,
	{listen, observe, onEvent}: ListenOptions,
): Promise<{readonly proxy: FaultProxy; readonly port: Endpoint}> {
	const events = onEvent && {onEvent};
	const answerFirst = answerToInquiry;
	if (!('seeds' in target)) {
		const proxy = await startFaultProxy({target, listen, observe: (client) => observe(client), answerFirst, ...events});
		return {proxy, port: proxy};
	}
	const proxy = await startFaultProxy({...events});
	try {
		return {proxy, port: await openSeedPort(proxy, {servers: target, listen, observe, answerFirst})};
	} catch (error) {
		await proxy.close();
		throw error;
	}
}
