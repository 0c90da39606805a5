import {type AddressInfo, connect, createServer} from 'node:net';
import {onTestFinished} from 'vitest';

export type LateForwarder = {
	readonly port: number;
	/**
	 * From now on, holds back the bytes of the currently open connections, even after they have closed. New connections are not
	 * affected.
	 */
	holdExisting(): void;
	/** Delivers the held bytes. */
	release(): void;
};

/**
 * A TCP forwarder that can deliver the last bytes of a connection long after the connection was replaced, like packets on a
 * slow route.
 */
export const startLateForwarder = async (target: {
	readonly host: string;
	readonly port: number;
}): Promise<LateForwarder> => {
	const links = new Set<{held: Buffer[] | undefined; send(chunk: Buffer): void; end(): void}>();
	const server = createServer((client) => {
		const upstream = connect(target);
		let ended = false;
		const link = {
			held: undefined as Buffer[] | undefined,
			send: (chunk: Buffer) => void upstream.write(chunk),
			end: () => {
				if (ended) upstream.end();
			},
		};
		links.add(link);
		client.on('data', (chunk) => {
			if (link.held === undefined) link.send(chunk);
			else link.held.push(chunk);
		});
		upstream.on('data', (chunk) => {
			if (!client.destroyed) client.write(chunk);
		});
		const onEnd = () => {
			ended = true;
			if (link.held === undefined) upstream.end();
		};
		client.on('close', onEnd);
		client.on('error', () => {});
		upstream.on('error', () => client.destroy());
		upstream.on('close', () => {
			links.delete(link);
			client.destroy();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void server.close());
	return {
		port: (server.address() as AddressInfo).port,
		holdExisting: () => {
			for (const link of links) link.held ??= [];
		},
		release: () => {
			for (const link of links) {
				const held = link.held ?? [];
				link.held = undefined;
				for (const chunk of held) link.send(chunk);
				link.end();
			}
		},
	};
};
