import type {Key} from 'ink';
import {graphemes} from '../../text/cells.js';

/** The characters of a text, as a union. */
type CharacterOf<Text extends string, Found = never> = Text extends `${infer First}${infer Rest}`
	? CharacterOf<Rest, Found | First>
	: Found;

const letters = 'abcdefghijklmnopqrstuvwxyz';
const otherCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

const specialNames = [
	'enter',
	'esc',
	'tab',
	'shift+tab',
	'backspace',
	'delete',
	'up',
	'down',
	'left',
	'right',
	'ctrl+left',
	'ctrl+right',
	'pageup',
	'pagedown',
	'home',
	'end',
] as const;

type Letter = CharacterOf<typeof letters>;

/** A keystroke that a command can have: a special key, a letter with Ctrl, or the character that it types. */
export type KeystrokeName =
	| (typeof specialNames)[number]
	| `ctrl+${Letter}`
	| Letter
	| CharacterOf<typeof otherCharacters>;

const allNames: ReadonlySet<string> = new Set([
	...specialNames,
	...letters,
	...otherCharacters,
	...Array.from(letters, (letter) => `ctrl+${letter}`),
]);

const nameOf = (text: string): KeystrokeName | undefined => (allNames.has(text) ? (text as KeystrokeName) : undefined);

/** One press of a key on the keyboard. In this code, *key* alone means a Redis key. */
export type Keystroke = {
	/** Undefined if no command can be bound to it. */
	readonly name: KeystrokeName | undefined;
	/** The text that it types; undefined for keys that type nothing. */
	readonly text: string | undefined;
};

const controls: Readonly<Record<string, KeystrokeName>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\u001B': 'esc',
	'\u0008': 'backspace',
	'\u007F': 'backspace',
};

const named = (name: KeystrokeName | undefined): Keystroke => ({name, text: undefined});

function fromCharacter(char: string): Keystroke {
	const control = controls[char];
	if (control) return named(control);
	const code = char.codePointAt(0) ?? 0;
	if (code > 0 && code <= 26) return named(nameOf(`ctrl+${String.fromCharCode(code + 96)}`));
	return {name: nameOf(char), text: code < 32 ? undefined : char};
}

/**
 * The keystrokes of one input event of Ink. Fast typing arrives as one event with several characters, including control
 * characters; each becomes a separate keystroke, in order.
 */
export function keystrokesOf(input: string, key: Key): readonly Keystroke[] {
	if (key.upArrow) return [named('up')];
	if (key.downArrow) return [named('down')];
	if (key.leftArrow) return [named(key.ctrl || key.meta ? 'ctrl+left' : 'left')];
	if (key.rightArrow) return [named(key.ctrl || key.meta ? 'ctrl+right' : 'right')];
	if (key.pageUp) return [named('pageup')];
	if (key.pageDown) return [named('pagedown')];
	if (key.home) return [named('home')];
	if (key.end) return [named('end')];
	if (key.return) return key.meta ? [named('esc'), named('enter')] : [named('enter')];
	if (key.escape) return key.meta ? [named('esc'), named('esc')] : [named('esc')];
	if (key.tab) return [named(key.shift ? 'shift+tab' : 'tab')];
	if (key.backspace) return [named('backspace')];
	if (key.delete) return [named('delete')];
	if (key.ctrl) return input === '' ? [] : [named(nameOf(`ctrl+${input}`))];
	// No command uses Alt: this is Esc, and a key that arrived in the same chunk over a slow connection.
	const before = key.meta ? [named('esc')] : [];
	const typed = graphemes(input).flatMap((part) => (part === '\r\n' ? [named('enter')] : [fromCharacter(part)]));
	return [...before, ...typed];
}
