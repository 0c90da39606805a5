import {createHash} from 'node:crypto';
import type {Reply} from '../../../resp/reply.js';
import type {Client} from '../client/client.js';
import {CommandError, noScript, outOfMemory} from '../commands/command-error.js';
import {needsFrame} from './redis-lua.js';
import type {Script} from './script.js';
import type {ScriptRunner} from './script-runner.js';
import {readShebang} from './shebang.js';

/** Most scripts, since some programs generate them. Beyond this number the oldest are dropped, and get NOSCRIPT. */
const maxScripts = 1000;
const overhead = 120;

/** The scripts by digest. */
export class Scripts {
	readonly #scripts = new Map<string, Script>();
	/** Estimate of their memory. */
	bytes = 0;

	constructor(readonly runner: () => ScriptRunner) {}

	get count(): number {
		return this.#scripts.size;
	}

	has(sha: string): boolean {
		return this.#scripts.has(sha.toLowerCase());
	}

	clear(): void {
		this.#scripts.clear();
		this.bytes = 0;
	}

	/** Stores a script and returns its digest. Throws a CommandError if it does not compile. */
	add(source: string): string {
		return this.#find(source).sha;
	}

	evaluate(caller: Client, source: string, keys: readonly string[], args: readonly string[], readOnly: boolean): Reply {
		return this.#run(caller, this.#find(source), keys, args, readOnly);
	}

	evaluateKnown(
		caller: Client,
		sha: string,
		keys: readonly string[],
		args: readonly string[],
		readOnly: boolean,
	): Reply {
		const script = this.#scripts.get(sha.toLowerCase());
		if (!script) throw noScript;
		return this.#run(caller, script, keys, args, readOnly);
	}

	#find(source: string): Script {
		const sha = createHash('sha1').update(source, 'latin1').digest('hex');
		const known = this.#scripts.get(sha);
		if (known) return known;
		const {body, flags} = readShebang(source);
		const wrong = this.runner().check(body);
		if (wrong !== null) throw new CommandError(`ERR Error compiling script (new function): ${wrong}`);
		const script: Script = {sha, body, flags, bytes: source.length + overhead, framed: needsFrame(body)};
		this.#scripts.set(sha, script);
		this.bytes += script.bytes;
		const [oldest] = this.#scripts.values();
		if (oldest && this.#scripts.size > maxScripts) {
			this.#scripts.delete(oldest.sha);
			this.bytes -= oldest.bytes;
		}
		return script;
	}

	#run(caller: Client, script: Script, keys: readonly string[], args: readonly string[], readOnly: boolean): Reply {
		const {compatible, noWrites, allowOom} = script.flags;
		if (!compatible && !noWrites && readOnly) {
			throw new CommandError('ERR Can not execute a script with write flag using *_ro command.');
		}
		if (!compatible && !allowOom && caller.server.outOfMemory) throw outOfMemory;
		return this.runner().run(caller, {script, keys, args, readOnly: readOnly || noWrites});
	}
}
