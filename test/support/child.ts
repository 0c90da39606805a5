import {type ChildProcess, fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import type {Reply, Request} from './serve.js';

export type Child = {
	readonly pid: number;
	call<T>(name: string, argument?: unknown): Promise<T>;
	/** SIGKILL. */
	kill(): Promise<void>;
	/** Resolves with the exit code (null: by a signal) once the process has ended by itself. */
	exited(): Promise<number | null>;
	/** Tells it to let go of the parent: nothing but its own handles keeps it alive from then on. */
	release(): void;
};

/** Runs a TypeScript file as a process of its own; the file calls `serve`. */
export const startChild = async (script: URL): Promise<Child> => {
	const child: ChildProcess = fork(fileURLToPath(script), {
		execArgv: ['--import', 'tsx'],
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
		void exit.then((code) => reject(new Error(`the child process ended at once, with exit code ${String(code)}`)));
		child.on('message', (reply: Reply) => {
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
				child.send({id: lastId, name, argument} satisfies Request);
			}),
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

/** The same, and killed after the test. */
export const openChild = async (script: URL): Promise<Child> => {
	const child = await startChild(script);
	onTestFinished(() => child.kill());
	return child;
};
