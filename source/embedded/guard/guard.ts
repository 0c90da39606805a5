import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Launch} from '../launch.js';
import {freePort} from './free-port.js';
import type {GuardMessage, GuardRequest} from './messages.js';
import {answers} from './probe.js';
import {configFileIn, ServerProcess} from './server-process.js';

type Address = {readonly port: number; readonly password: string};

const probeEveryMs = 10;
const portAttempts = 20;
const killMs = 1000;

const loginOfReplica = /^masterauth .*$/m;

/**
 * Owns the server process and its directory. As the parent of the server it knows its process id for certain, and it
 * outlives the program just long enough to clean up.
 */
export class Guard {
	#server: ServerProcess | undefined;
	#directory: string | undefined;
	/** The server that was killed on request: its end is not reported. */
	#killed: ServerProcess | undefined;
	#closing = false;
	#hasStarted = false;
	/** Milliseconds by which the server's clock is ahead of the real time. */
	#clockMs = 0;

	constructor(readonly send: (message: GuardMessage) => void) {}

	async handle(request: GuardRequest): Promise<void> {
		switch (request.type) {
			case 'start':
				try {
					this.#clockMs = request.clockMs;
					const {port, pid} = await this.#start(request.launch, request.port, request.startMs);
					this.send({type: 'ready', id: request.id, port, pid});
				} catch (error) {
					this.send({type: 'failed', id: request.id, message: error instanceof Error ? error.message : String(error)});
				}
				return;
			case 'clock':
				this.#clockMs = request.clockMs;
				this.#server?.setClock(request.clockMs);
				this.send({type: 'clock-set', id: request.id});
				return;
			case 'kill':
				await this.#kill();
				this.send({type: 'killed', id: request.id});
				return;
			case 'close':
				await this.close();
		}
	}

	/** Waits for the end of the server, so that no zombie process is left in a container without an init process. */
	async close(): Promise<never> {
		this.#closing = true;
		await Promise.race([this.#kill(), sleep(killMs)]);
		return this.end();
	}

	/** Synchronous, for use after an uncaught exception. */
	end(): never {
		this.#server?.kill();
		if (this.#directory !== undefined) rmSync(this.#directory, {recursive: true, force: true, maxRetries: 3});
		process.exit(0);
	}

	async #start(launch: Launch, fixedPort: number | undefined, startMs: number): Promise<{port: number; pid: number}> {
		const deadline = Date.now() + startMs;
		await this.#kill();
		for (let attempt = 1; ; attempt++) {
			if (!this.#hasStarted || launch.keepsDirectory !== true) this.#emptyDirectory(launch);
			else restoreLogin(launch);
			const port = fixedPort ?? (await freePort(launch.highestPort));
			const server = this.#spawn(launch, port);
			const pid = await this.#untilReady(server, {port, password: launch.password}, deadline);
			if (pid !== undefined) {
				this.#hasStarted = true;
				return {port, pid};
			}
			const reason = server.hasEnded ? await server.ended : `did not answer within ${startMs} ms`;
			await this.#kill();
			// If the port is not fixed, another one is tried; a fixed one may be free again in a moment.
			const again = server.portTaken && (fixedPort === undefined ? attempt < portAttempts : Date.now() < deadline);
			if (!again || this.#closing) throw new Error(`${launch.name} on port ${port} ${reason}`);
			if (fixedPort !== undefined) await sleep(50);
		}
	}

	#spawn(launch: Launch, port: number): ServerProcess {
		if (this.#closing) throw new Error('closed while starting');
		const server = new ServerProcess(launch, port, this.#clockMs);
		this.#server = server;
		const {pid} = server;
		if (pid !== undefined) this.send({type: 'spawned', pid});
		return server;
	}

	/** Resolves with the process id, or undefined if the server ended or did not answer in time. */
	async #untilReady(server: ServerProcess, {port, password}: Address, deadline: number): Promise<number | undefined> {
		const {pid} = server;
		while (pid !== undefined && !server.hasEnded && !this.#closing) {
			const left = deadline - Date.now();
			if (left <= 0) return undefined;
			if (await answers({port, password, pid, timeoutMs: left})) {
				void server.ended.then((reason) => {
					if (server !== this.#killed) this.send({type: 'ended', pid, reason});
				});
				return pid;
			}
			await Promise.race([sleep(probeEveryMs), server.ended]);
		}
		await server.ended;
		return undefined;
	}

	async #kill(): Promise<void> {
		const server = this.#server;
		if (!server) return;
		this.#killed = server;
		server.kill();
		await server.ended;
	}

	/** Empties the directory, so that a restarted server has no data, even if it has saved some. */
	#emptyDirectory({directory, config}: Launch): void {
		if (directory === undefined) return;
		rmSync(directory, {recursive: true, force: true, maxRetries: 3});
		mkdirSync(directory, {mode: 0o700});
		writeFileSync(configFileIn(directory), config, {mode: 0o600});
		this.#directory = directory;
	}
}

/**
 * Restores the password for the master in the configuration file. A Sentinel makes a server save its settings, even while a
 * fault has given it a wrong password; after a restart it would never replicate again.
 */
function restoreLogin({directory, config}: Launch): void {
	const right = loginOfReplica.exec(config)?.[0];
	if (directory === undefined || right === undefined) return;
	const file = configFileIn(directory);
	writeFileSync(
		file,
		readFileSync(file, 'utf8').replace(loginOfReplica, () => right),
	);
}
