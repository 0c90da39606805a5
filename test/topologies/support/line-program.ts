import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

/** A program that answers each line of its input with a line of its output. */
export type LineProgram = {
	ask(line: string): Promise<string>;
	close(): Promise<void>;
};

/** @param isAnswer False for lines that the program writes besides. Default: all are answers. */
export function startLineProgram(
	[command = '', ...args]: readonly string[],
	isAnswer: (line: string) => boolean = () => true,
): LineProgram {
	const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'pipe']});
	const waiting: {readonly resolve: (line: string) => void; readonly reject: (error: Error) => void}[] = [];
	let complaints = '';
	child.stderr.on('data', (bytes) => {
		complaints += String(bytes);
	});
	createInterface(child.stdout).on('line', (line) => {
		if (isAnswer(line)) waiting.shift()?.resolve(line);
	});
	child.stdin.on('error', () => {});
	const exit = new Promise<void>((resolve) => child.once('close', () => resolve()));
	void exit.then(() => {
		for (const {reject} of waiting.splice(0)) reject(new Error(`${command} has ended: ${complaints}`));
	});
	return {
		ask: (line) =>
			new Promise((resolve, reject) => {
				waiting.push({resolve, reject});
				child.stdin.write(`${line}\n`);
			}),
		async close() {
			child.kill('SIGKILL');
			await exit;
		},
	};
}
