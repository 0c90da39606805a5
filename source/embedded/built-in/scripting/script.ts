import type {ReplyValue} from 'lua-redis-wasm';
import {error, type Reply} from '../../../resp/reply.js';
import {maxSteps} from './lua.js';
import {fromLua, luaErrorText} from './lua-values.js';
import {failureOf, outOfSteps} from './redis-lua.js';
import type {ScriptFlags} from './shebang.js';

export type Script = {
	readonly sha: string;
	readonly body: string;
	readonly flags: ScriptFlags;
	/** Estimate of its memory in Redis. */
	readonly bytes: number;
	/** True once it is known to need the frame of `redis-lua.ts`. */
	framed: boolean;
};

/** The reply of a script. An error that ended it includes the place; an error that it returned is unchanged. */
export function scriptReply(value: ReplyValue, {sha, body, framed}: Script): Reply {
	if (typeof value !== 'object' || value === null || !('err' in value) || !value.meta) return fromLua(value);
	const {kind, name, line: known} = value.meta;
	const raised = luaErrorText(value);
	const {text, line} = framed ? failureOf(raised, body) : {text: raised, line: known};
	return error(`${explain(text, kind, name, line)} script: ${sha}, on @user_script:${line}.`);
}

function explain(text: string, kind: string | undefined, name: string | undefined, line: number): string {
	if (kind === 'global-read') {
		return `ERR user_script:${line}: Script attempted to access nonexistent global variable '${name}'`;
	}
	if (kind === 'command-arg-type') return 'ERR Lua redis lib command arguments must be strings or integers';
	if (text.includes(outOfSteps)) {
		return `ERR The script was ended after ${maxSteps} steps: the built-in server does not let one run for ever`;
	}
	return text;
}
