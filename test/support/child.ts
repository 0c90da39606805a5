import {type ChildProcess, fork} from 'node:child_process';
import {bundleScript} from './bundle-script.js';
import type {Reply, Request} from './serve.js';

export type Child = {
	readonly pid: number;
	call<T>(name: string, argument?: unknown): Promise<T>;
	/** Sends a message that is not a call. */
	send(message: object): void;
	/** Sends SIGKILL, and waits until it has ended. */
	kill(): Promise<void>;
	/** Resolves with the exit code once the process has ended; null if a signal ended it. */
	exited(): Promise<number | null>;
	/** Disconnects it: from then on only its own handles keep it alive. */
	release(): void;
};

/**
 * Runs a TypeScript file as a child process. The file calls `serve`.
 *
 * @param onMessage Receives messages of the child that are not replies.
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
			// One that was just killed counts as connected, and the error would be an event that nobody listens to.
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
