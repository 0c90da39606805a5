import {unlinkSync} from 'node:fs';
import {chmod, readFile} from 'node:fs/promises';
import {createServer, type Server, type Socket} from 'node:net';
import {clearInterval, setInterval, timeOrigin} from '../../time/real-time.js';
import {liveProtocol, type ProcessFacts} from './messages.js';
import {LiveFolderError, openSocketFolder, removeIfStale, removeStaleSockets, socketPath} from './socket-folder.js';
import {Viewer} from './viewer.js';
import type {WatchedCache} from './watched-cache.js';

/** Milliseconds between two states. */
const stateMs = 250;

const maxViewers = 16;

/** Sockets that one process may have: one for each thread and each copy of this package. */
const maxSockets = 64;

/** Milliseconds without reading after which a viewer is disconnected. */
const defaultStalledMs = 10_000;

/**
 * The socket on which this process offers its caches to viewers. Without viewers it only listens; four times a second it takes
 * a snapshot of each cache that has a viewer. It does not keep the process alive.
 */
export class LiveProcess {
	readonly path: string;
	readonly #server: Server;
	readonly #facts: ProcessFacts;
	readonly #stalledMs: number;
	readonly #caches = new Map<number, WatchedCache>();
	readonly #viewers = new Set<Viewer>();
	#timer: NodeJS.Timeout | undefined;
	#lastId = 0;
	#states = 0;

	/** @throws {LiveFolderError} The socket cannot be created. */
	static async start({stalledMs = defaultStalledMs}: {readonly stalledMs?: number} = {}): Promise<LiveProcess> {
		const folder = await openSocketFolder();
		await removeStaleSockets(folder);
		const server = createServer();
		server.unref();
		const path = await listen(server, folder);
		const facts: ProcessFacts = {
			pid: process.pid,
			version: await ownVersion(),
			node: process.versions.node,
			startedAt: Math.round(timeOrigin),
		};
		return new LiveProcess({server, path, facts, stalledMs});
	}

	private constructor({
		server,
		path,
		facts,
		stalledMs,
	}: {
		readonly server: Server;
		readonly path: string;
		readonly facts: ProcessFacts;
		readonly stalledMs: number;
	}) {
		this.#server = server;
		this.path = path;
		this.#facts = facts;
		this.#stalledMs = stalledMs;
		server.on('connection', (socket) => this.#connect(socket));
		// Ignored: if a connection cannot be accepted (say, for lack of file descriptors), only that viewer is affected.
		server.on('error', () => {});
		process.once('exit', this.#unlink);
	}

	/** Snapshots taken so far. */
	get states(): number {
		return this.#states;
	}

	get viewers(): number {
		return this.#viewers.size;
	}

	/** @returns A function that stops offering the cache. */
	add(cache: WatchedCache): () => void {
		const id = ++this.#lastId;
		this.#caches.set(id, cache);
		return () => {
			this.#caches.delete(id);
			for (const viewer of this.#viewers) if (viewer.watched === cache) viewer.end('the cache was closed');
		};
	}

	/** Ends all connections, and removes the socket. */
	close(): void {
		process.removeListener('exit', this.#unlink);
		clearInterval(this.#timer);
		for (const viewer of this.#viewers) viewer.end('the process publishes no cache any more');
		// Node.js removes the socket file.
		this.#server.close();
	}

	readonly #unlink = () => {
		try {
			unlinkSync(this.path);
		} catch {
			// The file is already removed.
		}
	};

	#connect(socket: Socket): void {
		socket.unref();
		// Ignored: the viewer may disconnect at any time, and `close` follows.
		socket.on('error', () => {});
		const viewer = new Viewer(socket, {
			cache: (id) => this.#caches.get(id),
			onWatch: () => this.#start(),
			stalledMs: this.#stalledMs,
		});
		if (this.#viewers.size >= maxViewers) {
			viewer.end(`there are ${maxViewers} viewers already: end one of them`);
			return;
		}
		this.#viewers.add(viewer);
		socket.once('close', () => {
			this.#viewers.delete(viewer);
			if (![...this.#viewers].some(({watched}) => watched)) this.#stop();
		});
		const caches = [...this.#caches].map(([id, cache]) => {
			const {name, namespace, prefix, url, startedAt, commands} = cache;
			return {id, name, namespace, prefix, url, mode: cache.mode(), startedAt, commands};
		});
		viewer.send({type: 'hello', protocol: liveProtocol, process: this.#facts, caches});
	}

	#start(): void {
		if (this.#timer === undefined) {
			this.#timer = setInterval(() => this.#sendStates(), stateMs);
			this.#timer.unref();
		}
		this.#sendStates();
	}

	#stop(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	/** Skips viewers that have not read the last state, and takes no snapshot of a cache that has no other viewers. */
	#sendStates(): void {
		const fields = new Map<WatchedCache, string>();
		for (const viewer of this.#viewers) {
			const {watched} = viewer;
			if (watched === undefined || !viewer.isReady()) continue;
			let text = fields.get(watched);
			if (text === undefined) {
				this.#states++;
				text = `"cache":${JSON.stringify(watched.snapshot())},"loads":${JSON.stringify(watched.loads())}`;
				fields.set(watched, text);
			}
			viewer.sendState(text);
		}
	}
}

/** Listens at the first free path, with access for this user only. */
async function listen(server: Server, folder: string): Promise<string> {
	for (let number = 0; number < maxSockets; number++) {
		const path = socketPath(folder, number);
		const isTaken = !(await tryListen(server, path));
		if (isTaken && (!(await removeIfStale({path, pid: process.pid})) || !(await tryListen(server, path)))) continue;
		// Until this call, the permissions of the folder keep other users out.
		if (process.platform !== 'win32') await chmod(path, 0o600);
		return path;
	}
	throw new LiveFolderError(`this process has ${maxSockets} sockets in ${folder} already: close some of its caches`);
}

/** @returns False if the address is taken. */
function tryListen(server: Server, path: string): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const settle = (then: () => void) => {
			server.off('listening', onListening).off('error', onError);
			then();
		};
		const onListening = () => settle(() => resolve(true));
		const onError = (error: NodeJS.ErrnoException) =>
			settle(() => {
				if (error.code === 'EADDRINUSE') resolve(false);
				else reject(new LiveFolderError(`the socket ${path} cannot be opened: ${error.message}`));
			});
		server.on('listening', onListening).on('error', onError);
		// `exclusive`: otherwise, in a worker of `node:cluster`, the primary process would accept the connections, or fail to
		// when it is busy.
		server.listen({path, exclusive: true});
	});
}

/** The version of this package; unknown if an application has bundled it. */
async function ownVersion(): Promise<string> {
	try {
		const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
		const {name, version} = JSON.parse(text) as {readonly name?: string; readonly version?: string};
		return name === 'redis-cache-tui' && version !== undefined ? version : 'unknown';
	} catch {
		return 'unknown';
	}
}
