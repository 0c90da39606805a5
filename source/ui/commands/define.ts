import type {CommandCall} from '../../engine/specs/command-calls.js';
import {type CommandName, specOf} from '../../engine/specs/command-specs.js';
import type {KeystrokeName} from '../input/keystroke.js';
import type {Answer, Command, Context, Invocation, Shortcut, Step} from '../state/command.js';
import {noEffects} from '../state/command.js';
import {askFirst} from '../state/confirm.js';
import {afterConnect} from '../state/connections.js';
import {refreshAfter} from '../state/keys/change-keys.js';
import {withAnsweredLine, withRunningLine} from '../state/palette/run-line.js';
import {runThen, showReply} from '../state/reply.js';
import type {UiState} from '../state/ui-state.js';

type ByKeystroke = Extract<Invocation, {readonly by: 'keystroke'}>;
type Press = (state: UiState, context: Context, invocation: ByKeystroke) => Step;

/** Declares a command that only keystrokes start. */
export function keystrokeCommand({
	name,
	summary,
	shortcuts,
	press,
	writes = false,
}: {
	readonly name: string;
	readonly summary: string;
	readonly shortcuts: readonly Shortcut[];
	readonly press: Press;
	/** True if the command changes data. Refused with `--read-only`. Default false. */
	readonly writes?: boolean;
}): Command {
	const run: Command['run'] = (state, context, invocation) =>
		invocation.by === 'keystroke' ? press(state, context, invocation) : noEffects(state);
	return {name, summary, args: [], writes, shortcuts, run};
}

/** Declares a command of the screen itself. A keystroke starts it without arguments. */
export function screenCommand({
	run,
	args = [],
	shortcuts = [],
	...command
}: {
	readonly name: string;
	readonly summary: string;
	readonly aliases?: readonly string[];
	readonly args?: Command['args'];
	readonly shortcuts?: readonly Shortcut[];
	/** `keystroke`: the keystroke that started the command. */
	readonly run: (state: UiState, context: Context, words: readonly string[], keystroke?: KeystrokeName) => Step;
}): Command {
	return {
		...command,
		group: 'screen',
		args,
		writes: false,
		shortcuts,
		run: (state, context, invocation) =>
			invocation.by === 'line'
				? run({...state, dialog: {kind: 'none'}}, context, invocation.words)
				: run(state, context, [], invocation.keystroke.name),
	};
}

/**
 * Declares a command that the engine runs, by its spec. A typed line runs unchanged; a keystroke runs the call that
 * `press` builds from the selection.
 */
export function engineCommand(
	name: CommandName,
	bound: {
		readonly shortcuts: readonly Shortcut[];
		readonly press: Press;
		/** Handles a typed line instead of the engine; returns undefined to leave it to the engine. */
		readonly type?: (state: UiState, words: readonly string[]) => Step | undefined;
	} = {shortcuts: [], press: noEffects},
): Command {
	const spec = specOf(name);
	return {
		...spec,
		writes: spec.writes !== false,
		shortcuts: bound.shortcuts,
		run: (state, context, invocation) =>
			invocation.by === 'keystroke'
				? bound.press(state, context, invocation)
				: (bound.type?.({...state, dialog: {kind: 'none'}}, invocation.words) ??
					runWords(state, spec, invocation.words, context)),
	};
}

/** Runs a typed line, or asks for confirmation first. */
function runWords(state: UiState, spec: ReturnType<typeof specOf>, words: readonly string[], context: Context): Step {
	// The number of words was checked when the line was parsed.
	const call = {name: spec.name, args: words} as unknown as CommandCall;
	if (spec.confirm !== undefined && !spec.harmless?.includes((words[0] ?? '').toLowerCase()))
		return askFirst(state, {title: spec.name, call, word: spec.confirm, about: [`${spec.summary}.`]}, context);
	return runThen(withRunningLine(state), call, (current, answer, at) => {
		const {reply} = answer;
		const isInPlace = current.dialog.kind === 'palette' && current.dialog.running !== undefined;
		const answered = withAnsweredLine(current, reply.ok ? undefined : reply.message);
		if (!reply.ok && isInPlace) return noEffects({...answered, reply: {kind: 'none'}});
		return call.name === 'connect'
			? afterConnect(answered, answer as Answer<'connect'>, at)
			: reply.ok
				? refreshAfter(showReply(answered, answer, at), call)
				: noEffects(showReply(answered, answer, at));
	});
}
