import {createServer, type Server, type Socket} from 'node:net';

const loopback = '127.0.0.1';

/** Ports from here on, below the ephemeral range of common systems, so that the port is not taken while it is closed. */
const lowestPort = 20_000;
const portCount = 12_000;
const portAttempts = 50;
/** Milliseconds between two attempts to open a port that another program uses. */
const retryMs = 50;

type State =
	| {readonly type: 'closed'}
	| {readonly type: 'open'; readonly server: Server}
	| {readonly type: 'waiting'; readonly timer: NodeJS.Timeout};

type ListenerOptions = {
	/** Default: a free port on loopback. */
	readonly address: {readonly host: string; readonly port: number} | undefined;
	readonly onConnection: (socket: Socket) => void;
	/** The port could not be opened again; the listener keeps trying. */
	readonly onError: (error: Error) => void;
};

/** A listening port that can be closed, so that connections are refused, and opened again. */
export class Listener {
	readonly host: string;
	#port = 0;
	#state: State = {type: 'closed'};

	constructor(private readonly options: ListenerOptions) {
		this.host = options.address?.host ?? loopback;
	}

	/** 0 before `start`; constant after that. */
	get port(): number {
		return this.#port;
	}

	/** Listens on its address, or finds a free port. Rejects if the address cannot be listened on. */
	async start(): Promise<void> {
		const {address} = this.options;
		if (address !== undefined) {
			await this.#listen(address.port);
			return;
		}
		for (let attempt = 1; ; attempt++) {
			const port = lowestPort + Math.floor(Math.random() * portCount);
			try {
				await this.#listen(attempt < portAttempts ? port : 0);
				return;
			} catch (error) {
				if (attempt >= portAttempts) throw error;
			}
		}
	}

	/** Listens again on the same port. If another program uses it, keeps trying until it is free. */
	open(): void {
		if (this.#state.type !== 'closed') return;
		this.#listen(this.#port).catch((error: Error) => {
			if (this.#state.type !== 'closed') return;
			this.options.onError(error);
			const timer = setTimeout(() => {
				this.#state = {type: 'closed'};
				this.open();
			}, retryMs);
			this.#state = {type: 'waiting', timer};
		});
	}

	/** Refuses connections from now on. Open ones stay open. */
	close(): void {
		if (this.#state.type === 'open') this.#state.server.close();
		if (this.#state.type === 'waiting') clearTimeout(this.#state.timer);
		this.#state = {type: 'closed'};
	}

	#listen(port: number): Promise<void> {
		const server = createServer({allowHalfOpen: true, noDelay: true}, this.options.onConnection);
		this.#state = {type: 'open', server};
		return new Promise((resolve, reject) => {
			// Registered for the server's whole life: a connection that cannot be accepted, for lack of file handles, is an
			// error as well.
			server.on('error', (error) => {
				if (!server.listening && this.#state.type === 'open' && this.#state.server === server)
					this.#state = {type: 'closed'};
				reject(error);
			});
			server.listen({host: this.host, port}, () => {
				const address = server.address();
				if (address !== null && typeof address === 'object') this.#port = address.port;
				resolve();
			});
		});
	}
}
