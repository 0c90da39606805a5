import {type FaultProxy, type FaultProxyEvent, type ProxyTarget, startFaultProxy} from '../proxy/fault-proxy.js';
import type {Finding} from './findings/finding.js';
import type {ServerReading} from './findings/server/server-reading.js';
import {TrafficFindings} from './findings/traffic-findings.js';
import {keyPrinter} from './key-text.js';
import {KnownKeys} from './known-keys.js';
import type {TrafficSnapshot} from './snapshot.js';
import {TrafficStatistics} from './statistics/traffic-statistics.js';
import {TapListenError} from './tap-error.js';
import {TappedLinks} from './tapped-links.js';
import {FollowedKeys} from './wire/followed-keys.js';

export type TapOptions = {
	/** The server that the application means. */
	readonly target: ProxyTarget;
	/** Address that the application connects to instead. Port 0: any free one. */
	readonly listen: {readonly host: string; readonly port: number};
	/** Shows hashes instead of the names of keys. Default: false. */
	readonly hideKeys?: boolean;
	readonly onEvent?: (event: FaultProxyEvent) => void;
	/** A connection sends something else than Redis's protocol. Its bytes are passed on, and not read any more. */
	readonly onUnreadable?: (reason: string) => void;
};

/** A proxy in front of a server that reads what an application sends and gets. */
export type Tap = {
	/** Breaks the application's connections. */
	readonly proxy: FaultProxy;
	/** Where it listens: `127.0.0.1:6380`. */
	readonly address: string;
	snapshot(): TrafficSnapshot & {readonly findings: readonly Finding[]};
	/** To be told of the server's figures about once a minute, if it may be asked for them. */
	onServer(figures: ServerReading): void;
	/** Closes the port and resets every connection. */
	close(): Promise<void>;
};

/**
 * Starts to listen. Each connection is passed on to the server, byte for byte, whatever is sent on it.
 *
 * @throws {TapListenError} Something else listens there, or the address is not one of this machine.
 */
export async function startTap(options: TapOptions): Promise<Tap> {
	const {target, listen, hideKeys = false, onEvent, onUnreadable} = options;
	const followed = new FollowedKeys();
	const links = new TappedLinks(onUnreadable, followed);
	const keys = new KnownKeys();
	const printKey = keyPrinter({hide: hideKeys});
	const statistics = new TrafficStatistics({keys, followed, printKey, startedAt: performance.now()});
	const findings = new TrafficFindings(keys);
	links.observe(statistics);
	links.observe(findings);
	const proxy = await startFaultProxy({
		target,
		listen,
		observe: () => links.open(),
		...(onEvent && {onEvent}),
	}).catch((error: unknown) => {
		throw new TapListenError(addressOf(listen), error);
	});
	const stopFollowing = links.follow(proxy);
	return {
		proxy,
		address: addressOf({host: proxy.host, port: proxy.port}),
		snapshot() {
			const {up, down} = proxy.bytes();
			const now = performance.now();
			const traffic = statistics.snapshot(now, links.openConnections(), {in: up, out: down});
			return {...traffic, findings: findings.findings(now, printKey)};
		},
		onServer: (figures) => findings.onServer(figures),
		async close() {
			stopFollowing();
			await proxy.close();
		},
	};
}

function addressOf({host, port}: {readonly host: string; readonly port: number}): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
