import {afterEach, beforeEach} from 'vitest';
import {type FaultProxy, type FaultProxyOptions, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {client, type PeerServer, peerServer, type WireClient} from './wire.js';

/** A proxy before a server that sends back what it gets, and plain sockets. New for each test of the file. */
export class ProxyBench {
	#server: PeerServer | undefined;
	#proxy: FaultProxy | undefined;
	#clients: WireClient[] = [];

	constructor() {
		beforeEach(async () => {
			this.#server = await peerServer();
			this.#proxy = await startFaultProxy({target: this.#target});
		});
		afterEach(async () => {
			for (const {socket} of this.#clients) socket.destroy();
			this.#clients = [];
			await this.proxy.close();
			await this.server.close();
		});
	}

	get server(): PeerServer {
		return there(this.#server);
	}

	set server(server: PeerServer) {
		this.#server = server;
	}

	get proxy(): FaultProxy {
		return there(this.#proxy);
	}

	/** Another proxy in the place of the one there was. */
	async replaceProxy(options: Omit<FaultProxyOptions, 'target'>): Promise<void> {
		await this.proxy.close();
		this.#proxy = await startFaultProxy({...options, target: this.#target});
	}

	open(): WireClient {
		const opened = client(this.proxy.port);
		this.#clients.push(opened);
		return opened;
	}

	/** A client whose connection to the server stands. */
	async connected(): Promise<WireClient> {
		const opened = this.open();
		await opened.ask('hello', 'hello');
		return opened;
	}

	get #target(): {host: string; port: number} {
		return {host: '127.0.0.1', port: this.server.port};
	}
}

function there<T>(part: T | undefined): T {
	if (part === undefined) throw new Error('only inside of a test');
	return part;
}
