import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

export type HalfOpenForwarder = {
	readonly port: number;
	/**
	 * Closes all current connections to the server that are not subscribed to a channel. The connections of their clients stay
	 * open, and get no more replies.
	 */
	closeAtServer(): void;
};

/** A TCP forwarder that can close connections to the server without its clients noticing, like a NAT that drops its mappings. */
export const startHalfOpenForwarder = async (target: {
	readonly host: string;
	readonly port: number;
}): Promise<HalfOpenForwarder> => {
	const links = new Set<{readonly upstream: Socket; isSubscriber: boolean; isLost: boolean}>();
	const server = createServer((client) => {
		const upstream = connect(target);
		const link = {upstream, isSubscriber: false, isLost: false};
		links.add(link);
		client.on('data', (chunk) => {
			if (/\r\nsubscribe\r\n/i.test(chunk.toString('latin1'))) link.isSubscriber = true;
			if (!link.isLost) upstream.write(chunk);
		});
		upstream.on('data', (chunk) => client.write(chunk));
		client.on('error', () => {});
		client.on('close', () => {
			links.delete(link);
			upstream.destroy();
		});
		upstream.on('error', () => {});
		upstream.on('close', () => {
			if (!link.isLost) client.destroy();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.close();
		for (const {upstream} of links) upstream.destroy();
	});
	return {
		port: (server.address() as AddressInfo).port,
		closeAtServer() {
			for (const link of links) {
				if (link.isSubscriber) continue;
				link.isLost = true;
				link.upstream.destroy();
			}
		},
	};
};
