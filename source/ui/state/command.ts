import type {EngineEvent, EngineSnapshot, Source} from '../../engine/protocol.js';
import type {CommandCall, CommandReply} from '../../engine/specs/command-calls.js';
import type {CommandGroup, NamedSpec} from '../../engine/specs/command-spec.js';
import type {CommandName} from '../../engine/specs/command-specs.js';
import type {ModeChange} from '../../metrics/snapshot.js';
import type {Keystroke, KeystrokeName} from '../input/keystroke.js';
import type {Scope} from './scopes.js';
import type {Viewports} from './scroll.js';
import type {UiState} from './ui-state.js';
import type {PanelId} from './views/plans/overview-plan.js';

/*
 * The loop of the screen: a message changes the state, and effects are carried out. Everything in it is pure.
 *
 *     message + state + context -> update() -> state + effects -> controller -> messages
 */

/** The next state, and the effects to carry out. */
export type Step = {readonly state: UiState; readonly effects: readonly Effect[]};

/** Work outside of the state. Nothing waits for it; its result arrives as a message. */
export type Effect =
	| {readonly type: 'run'; readonly call: CommandCall; readonly take: TakeReply}
	| {
			readonly type: 'complete';
			/** Identifies the request; sent back with the completions. */
			readonly question: string;
			readonly name: string;
			readonly index: number;
			readonly prefix: string;
	  }
	/** Opens a text in the user's editor; `suffix`: the end of the file's name. */
	| {readonly type: 'edit'; readonly text: string; readonly suffix: string; readonly take: TakeEdited}
	/** Gives a text to the clipboard of the terminal. */
	| {readonly type: 'copy'; readonly text: string}
	/** Adds a line to the history on disk. */
	| {readonly type: 'remember'; readonly line: string}
	| {readonly type: 'pause'; readonly isPaused: boolean}
	| {readonly type: 'suspend'}
	| {readonly type: 'redraw'}
	| {readonly type: 'quit'};

export type Message =
	| {readonly type: 'keystroke'; readonly keystroke: Keystroke}
	| {readonly type: 'paste'; readonly text: string}
	/** A second has passed. */
	| {readonly type: 'tick'}
	| {readonly type: 'reply'; readonly answer: Answer; readonly take: TakeReply}
	| {readonly type: 'edited'; readonly edited: Edited; readonly take: TakeEdited}
	| {readonly type: 'completions'; readonly question: string; readonly items: readonly string[]};

/** The text that the user has saved in the editor, or the reason why the value is not changed. */
export type Edited = {readonly ok: true; readonly text: string} | {readonly ok: false; readonly message: string};

/** Changes the state when the editor was closed. */
export type TakeEdited = (state: UiState, edited: Edited, context: Context) => Step;

/** A call of the engine with its reply. */
export type Answer<Name extends CommandName = CommandName> = {
	readonly call: CommandCall<Name>;
	readonly reply: CommandReply<Name>;
};

/** Changes the state when the engine has answered. */
export type TakeReply<Name extends CommandName = CommandName> = (
	state: UiState,
	answer: Answer<Name>,
	context: Context,
) => Step;

/** Data outside of the state that an update can read, as of the time of its message. */
export type Context = {
	readonly commands: readonly Command[];
	readonly snapshot: EngineSnapshot | undefined;
	readonly log: readonly EngineEvent[];
	readonly modes: readonly ModeChange[];
	/** True while the terminal is smaller than the screen needs. */
	readonly isTooSmall: boolean;
	/** The panels on the overview at this size, in the order of Tab. */
	readonly panels: readonly PanelId[];
	/** The sizes of the lists and texts that keystrokes move through. */
	readonly viewports: Viewports;
	/** Unix time in milliseconds. */
	readonly now: number;
};

/** The start of a command: by a keystroke, or by a typed line. */
export type Invocation =
	| {readonly by: 'keystroke'; readonly keystroke: Keystroke; readonly scope: Scope}
	/** Called for a line of the palette, with a valid number of arguments. */
	| {readonly by: 'line'; readonly words: readonly string[]};

/** Keystrokes that start a command. */
export type Shortcut = {
	/** The scope of the keystrokes. */
	readonly in: Scope | readonly Scope[];
	readonly keystrokes: readonly [KeystrokeName, ...KeystrokeName[]];
	/** The keystrokes as a person reads them: `PgUp PgDn`. Default: the first of `keystrokes`. */
	readonly shown?: string;
	/** One or two words for the footer. */
	readonly label: string;
	/** A sentence for the help. Default: the summary of the command. */
	readonly help?: string;
	/** Sources of the screen for which the keystrokes work. Default: all. */
	readonly sources?: readonly Source[];
	/**
	 * Priority in the footer: lower numbers come first, and are the last to be left out when there is little room. Undefined:
	 * only in the help.
	 */
	readonly footer?: number;
};

/** One action of the user. Palette, help, footer, keystrokes, confirmations and the read-only check all use this entry. */
export type Command = {
	/** Typed in the palette when there is a `group`. */
	readonly name: string;
	/** One line, starting with a verb. */
	readonly summary: string;
	/** Section of the help. Undefined: the command has keystrokes only. */
	readonly group?: CommandGroup;
	readonly args: NamedSpec['args'];
	readonly aliases?: readonly string[];
	/** True when it changes what applications see. Refused with `--read-only`. */
	readonly writes: boolean;
	/** A word that must be typed before a line runs. */
	readonly confirm?: string;
	readonly shortcuts: readonly Shortcut[];
	readonly run: (state: UiState, context: Context, invocation: Invocation) => Step;
};

export const noEffects = (state: UiState): Step => ({state, effects: []});

export const withEffects = (state: UiState, ...effects: readonly Effect[]): Step => ({state, effects});

/** Calls the engine. `take` gets the reply of this command. */
export function ask<Name extends CommandName>(call: CommandCall<Name>, take: TakeReply<Name>): Effect {
	// Sound, because the controller passes only the reply of `call` to `take`.
	return {type: 'run', call: call as CommandCall, take: take as unknown as TakeReply};
}
