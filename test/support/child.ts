import {type ChildProcess, fork} from 'node:child_process';
import {bundleScript} from './bundle-script.js';
import type {Reply, Request} from './serve.js';

export type Child = {
	readonly pid: number;
	call<T>(name: string, argument?: unknown): Promise<T>;
	/** Sends a message that is not a call. */
	send(message: object): void;
	/** Sends SIGKILL, and waits until the process has ended. */
	kill(): Promise<void>;
	/** Resolves with the exit code once the process has ended; null if it was ended by a signal. */
	exited(): Promise<number | null>;
	/** Disconnects the process. From then on, only its own handles keep it alive. */
	release(): void;
};

/**
 * Runs a TypeScript file as a child process. The file calls `serve`.
 *
 * @param onMessage Receives messages of the child that are not replies to calls.
 */
export const startChild = async (script: URL, onMessage: (message: object) => void = () => {}): Promise<Child> => {
	const child: ChildProcess = fork(await bundleScript(script), {
		execArgv: [],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		serialization: 'json',
	});
	const calls = new Map<number, {resolve: (value: unknown) => void; reject: (error: Error) => void}>();
	let lastId = 0;
	const exit = new Promise<number | null>((resolve) => {
		child.once('exit', (code) => {
			for (const {reject} of calls.values()) reject(new Error('the child process has ended'));
			calls.clear();
			resolve(code);
		});
	});
	const onExit = (): void => {
		child.kill('SIGKILL');
	};
	process.once('exit', onExit);
	void exit.then(() => process.off('exit', onExit));
	const ready = new Promise<void>((resolve, reject) => {
		child.once('error', reject);
		void exit.then((code) =>
			reject(new Error(`the child process ended while it started, with exit code ${String(code)}`)),
		);
		child.on('message', (reply: Reply) => {
			if (reply.id === undefined) {
				onMessage(reply);
				return;
			}
			if (reply.id === 0) {
				resolve();
				return;
			}
			const call = calls.get(reply.id);
			calls.delete(reply.id);
			if (reply.error === undefined) call?.resolve(reply.value);
			else call?.reject(new Error(reply.error));
		});
	});
	await ready;
	return {
		pid: child.pid ?? -1,
		call: <T>(name: string, argument: unknown = null) =>
			new Promise<T>((resolve, reject) => {
				lastId++;
				calls.set(lastId, {resolve: resolve as (value: unknown) => void, reject});
				child.send({id: lastId, name, argument} satisfies Request, (error) => error && reject(error));
			}),
		send(message) {
			// A process that was just killed still counts as connected. Without the callback, the error would be an unhandled
			// event.
			if (child.connected) child.send(message, () => {});
		},
		kill: async () => {
			child.kill('SIGKILL');
			await exit;
		},
		exited: () => exit,
		release: () => {
			if (child.connected) child.disconnect();
		},
	};
};
