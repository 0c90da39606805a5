import {WireRecord} from '../../../drills/wire/wire-record.js';
import {startFaultProxy} from '../../../proxy/fault-proxy.js';
import {keyPrinter} from '../../../tap/key-text.js';
import {TappedLinks} from '../../../tap/tapped-links.js';
import {EngineError} from '../../engine-error.js';
import type {EventsWriter} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';
import type {Target} from '../../target/target.js';
import type {DrilledApplication} from './drilled-application.js';

/** A port of the fault proxy for the connections of an application alone, which are read. */
export type ApplicationPort = DrilledApplication & {
	/** URL for the application, with the credentials of the target. Without TLS, which the proxy speaks to the server. */
	readonly url: string;
	/** URL of the same Redis that no fault reaches, for another process of the application. Without TLS as well. */
	readonly calmUrl: string;
	/** Ends the reading. The port closes with the proxy. */
	close(): Promise<void>;
};

/**
 * Opens a port on loopback for an application. Undefined where there is no single address to put the proxy in front of.
 *
 * @param options `port` undefined: any. `hideKeys`: the record shows hashes instead of the names of keys.
 * @throws {EngineError} The port is taken.
 */
export async function openApplicationPort(
	{proxy, cacheUrl, directUrl, address}: Pick<Target, 'proxy' | 'cacheUrl' | 'directUrl' | 'address'>,
	{port, hideKeys}: {readonly port: number | undefined; readonly hideKeys: boolean},
	log: EventsWriter,
): Promise<ApplicationPort | undefined> {
	if (proxy === undefined || address === undefined) return undefined;
	const {tls} = address;
	const links = new TappedLinks((reason) =>
		log.add({level: 'warn', topic: 'application', text: `a connection of the application cannot be read: ${reason}`}),
	);
	const listen = port === undefined ? {} : {listen: {host: '127.0.0.1', port}};
	const opened = await proxy
		.openPort({...listen, ...(tls && {tls}), observe: (client) => links.open(client)})
		.catch((error: NodeJS.ErrnoException) => {
			const reason = error.code === 'EADDRINUSE' ? 'something else listens there' : oneLine(error);
			throw new EngineError('ERR_LISTEN', `cannot listen on 127.0.0.1:${port}: ${reason}`, 2);
		});
	const printKey = keyPrinter({hide: hideKeys});
	// A server without TLS needs no proxy where there are no faults.
	const calm = tls && (await startFaultProxy({target: address}));
	const stopFollowing = links.follow(proxy);
	return {
		// Not an address that is masked in messages: the application has to be told of it.
		address: `localhost:${opened.port}`,
		url: urlAt(cacheUrl, proxy, opened),
		calmUrl: calm ? urlAt(cacheUrl, proxy, calm) : directUrl,
		get isUnused() {
			return opened.accepted() === 0;
		},
		record: () => new WireRecord(links, printKey),
		async close() {
			stopFollowing();
			await calm?.close();
		},
	};
}

type Address = {readonly host: string; readonly port: number};

/** The URL of a proxy with the address of another port, to which clients speak without TLS. */
function urlAt(url: string, from: Address, to: Address): string {
	const address = `${from.host}:${from.port}`;
	// A password may contain anything, also this.
	const at = url.lastIndexOf(address);
	const moved = `${url.slice(0, at)}${to.host}:${to.port}${url.slice(at + address.length)}`;
	return moved.replace(/^rediss:/, 'redis:');
}
