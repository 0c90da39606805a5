import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ProxyTarget} from '../../../proxy/fault-proxy.js';
import {EngineError} from '../../engine-error.js';
import {oneLine} from '../../one-line.js';
import type {SshPlace} from './tunnel-url.js';

/** Milliseconds that ssh has to log in. */
const openMs = 15_000;
const checkEveryMs = 50;

/** Milliseconds that ssh has to exit. */
const closeMs = 2000;

const minPauseMs = 500;
const maxPauseMs = 10_000;

/** Exit code of a shell for a command that does not exist. */
const notFound = 127;

/** Most characters of ssh's messages that are kept. */
const maxWords = 4096;

export type TunnelEvent = {readonly type: 'tunnel'; readonly level: 'info' | 'warn'; readonly text: string};

/**
 * Runs ssh until it exits, or until standard input ends, which happens when this program is killed. Standard input is passed on
 * as file descriptor 3, since a shell disconnects it from background processes.
 */
const script = `exec 3<&0
ssh "$@" </dev/null 3<&- & tunnel=$!
(cat <&3 >/dev/null; kill $tunnel 2>/dev/null) & watch=$!
wait $tunnel; code=$?
kill $watch 2>/dev/null
exit $code`;

/** A local port that leads, through the system's `ssh`, to an address that another machine can reach. */
export class SshTunnel {
	readonly host = '127.0.0.1';
	readonly #place: SshPlace;
	readonly #onEvent: (event: TunnelEvent) => void;
	readonly #args: readonly string[];
	readonly #closing = new AbortController();
	#child: ChildProcess;
	/** The latest messages of ssh. */
	#words = '';
	#kept: Promise<void> = Promise.resolve();

	/**
	 * Opens a tunnel. When ssh ends it is started again.
	 *
	 * @throws {EngineError} ssh cannot log in, or is not installed. The message contains that of ssh.
	 */
	static async open(place: SshPlace, to: ProxyTarget, onEvent: (event: TunnelEvent) => void): Promise<SshTunnel> {
		const tunnel = new SshTunnel(place, to, await freePort(), onEvent);
		try {
			await tunnel.#untilOpen(openMs);
		} catch (error) {
			await tunnel.close();
			throw error;
		}
		tunnel.#kept = tunnel.#keep();
		return tunnel;
	}

	private constructor(
		place: SshPlace,
		to: ProxyTarget,
		readonly port: number,
		onEvent: (event: TunnelEvent) => void,
	) {
		this.#place = place;
		this.#onEvent = onEvent;
		const end = 'path' in to ? to.path : `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
		// A shared connection would keep the port open after this ssh has ended.
		const options = [
			'BatchMode=yes',
			'ExitOnForwardFailure=yes',
			'ServerAliveInterval=5',
			'ServerAliveCountMax=3',
			'ControlPath=none',
		];
		this.#args = [
			'-N',
			...['-L', `${this.host}:${port}:${end}`],
			...options.flatMap((option) => ['-o', option]),
			...(place.port === undefined ? [] : ['-p', String(place.port)]),
			place.destination,
		];
		this.#child = this.#spawn();
	}

	/** The last message of ssh, such as `channel 2: open failed: connect failed: Connection refused`. */
	get lastWords(): string | undefined {
		const lines = this.#words.split('\n').map((line) => line.trim());
		const last = lines.findLast((line) => line !== '');
		return last === undefined ? undefined : oneLine(last);
	}

	async close(): Promise<void> {
		this.#closing.abort();
		// The script ends ssh when standard input ends.
		this.#child.stdin?.destroy();
		const timer = setTimeout(killGroup, closeMs, this.#child);
		if (isRunning(this.#child)) await once(this.#child, 'exit');
		clearTimeout(timer);
		await this.#kept;
	}

	#spawn(): ChildProcess {
		// In a separate process group: Ctrl-C must reach only this program, which closes its connections first.
		const child = spawn('sh', ['-c', script, 'sh', ...this.#args], {
			detached: true,
			stdio: ['pipe', 'ignore', 'pipe'],
		});
		child.stdin?.on('error', () => undefined);
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			this.#words = (this.#words + text).slice(-maxWords);
		});
		child.on('error', (error) => {
			this.#words = error.message;
		});
		child.on('exit', () => child.stdin?.destroy());
		child.unref();
		return child;
	}

	/** Resolves when the port accepts connections. */
	async #untilOpen(timeoutMs: number): Promise<void> {
		const end = performance.now() + timeoutMs;
		const child = this.#child;
		while (!(await accepts(this.host, this.port))) {
			const isOver = !isRunning(child);
			if (!isOver && performance.now() < end) {
				await sleep(checkEveryMs);
				continue;
			}
			// The last message of ssh may not have arrived yet.
			if (isOver && child.stderr?.readableEnded === false) await Promise.race([once(child.stderr, 'end'), sleep(500)]);
			const why = isOver ? this.#whyEnded(child) : `no login within ${timeoutMs / 1000} s`;
			throw new EngineError('ERR_TUNNEL', `no tunnel through ${this.#place.destination}: ${why}`, 3);
		}
	}

	#whyEnded({exitCode}: ChildProcess): string {
		if (exitCode === notFound) return 'there is no ssh on PATH: install OpenSSH';
		return this.lastWords ?? `ssh ended with code ${exitCode}`;
	}

	/** Restarts ssh whenever it exits, on the same port, with growing pauses. */
	async #keep(): Promise<void> {
		const {signal} = this.#closing;
		for (let pauseMs = minPauseMs; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
			if (isRunning(this.#child)) await once(this.#child, 'exit');
			if (signal.aborted) return;
			const why = this.lastWords === undefined ? '' : ` (${this.lastWords})`;
			this.#onEvent({
				type: 'tunnel',
				level: 'warn',
				text: `the tunnel through ${this.#place.destination} has ended${why}; it is opened again`,
			});
			await sleep(pauseMs, undefined, {signal, ref: false}).catch(() => undefined);
			if (signal.aborted) return;
			this.#words = '';
			this.#child = this.#spawn();
			const isOpen = await this.#untilOpen(openMs).then(
				() => true,
				() => false,
			);
			if (!isOpen) continue;
			pauseMs = minPauseMs / 2;
			this.#onEvent({
				type: 'tunnel',
				level: 'info',
				text: `the tunnel through ${this.#place.destination} is open again`,
			});
		}
	}
}

function killGroup({pid}: ChildProcess): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// ssh has exited again.
	}
}

const isRunning = ({pid, exitCode, signalCode}: ChildProcess) =>
	pid !== undefined && exitCode === null && signalCode === null;

function accepts(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({host, port});
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

/** A loopback port that is free now. If another program takes it first, ssh fails with a message. */
async function freePort(): Promise<number> {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	return typeof address === 'object' && address ? address.port : 0;
}
