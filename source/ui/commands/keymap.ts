import type {Source} from '../../engine/protocol.js';
import type {KeystrokeName} from '../input/keystroke.js';
import type {Command, Shortcut} from '../state/command.js';
import type {Scope} from '../state/scopes.js';
import {commandsWithKeystrokes} from './registry.js';

/** A command that keystrokes start in a scope. */
export type Binding = {readonly command: Command; readonly shortcut: Shortcut; readonly scope: Scope};

/** All bindings, in the order of the help. */
export const bindings: readonly Binding[] = commandsWithKeystrokes.flatMap((command) =>
	command.shortcuts.flatMap((shortcut) => [shortcut.in].flat().map((scope): Binding => ({command, shortcut, scope}))),
);

/** @throws Two commands have the same keystroke in the same scope. */
export function keymapOf(all: readonly Binding[]): ReadonlyMap<string, Binding> {
	const keymap = new Map<string, Binding>();
	for (const binding of all)
		for (const name of binding.shortcut.keystrokes) {
			const place = `${binding.scope} ${name}`;
			const taken = keymap.get(place);
			if (taken)
				throw new Error(
					`${taken.command.name} and ${binding.command.name} both have "${name}" in scope ${binding.scope}`,
				);
			keymap.set(place, binding);
		}
	return keymap;
}

const byKeystroke = keymapOf(bindings);

/** The binding of a keystroke in the first scope that has one. */
export function bindingOf(scopes: readonly Scope[], name: KeystrokeName | undefined): Binding | undefined {
	for (const scope of scopes) {
		const binding = byKeystroke.get(`${scope} ${name}`);
		if (binding) return binding;
	}
	return undefined;
}

/** True if the keystrokes of a binding work while the screen shows `source`. */
export const worksFor = ({shortcut: {sources}}: Binding, source: Source | undefined): boolean =>
	sources === undefined || (source !== undefined && sources.includes(source));

const keystrokeLabels: Readonly<Partial<Record<KeystrokeName, string>>> = {
	enter: 'Enter',
	esc: 'Esc',
	tab: 'Tab',
	' ': 'Space',
	backspace: 'Backspace',
};

/** The keystrokes of a shortcut as a person reads them. */
export function shownKeystrokes({shown, keystrokes: [first]}: Shortcut): string {
	if (shown !== undefined) return shown;
	return keystrokeLabels[first] ?? first.replace(/^ctrl\+(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}

/** Text before the hints in scopes where typed letters start no command. */
const typingHints: Readonly<Partial<Record<Scope, string>>> = {help: 'to search'};

export type Hint = {readonly keystrokes: string; readonly label: string};

/** The hints of the footer, most useful first. A keystroke that a nearer scope has taken is left out. */
export function hintsOf(scopes: readonly Scope[], source: Source | undefined): readonly Hint[] {
	const typing = scopes.map((scope) => typingHints[scope]).filter((label) => label !== undefined);
	const reachable = scopes.flatMap((scope) =>
		bindings.filter(
			(binding) =>
				binding.scope === scope &&
				binding.shortcut.footer !== undefined &&
				worksFor(binding, source) &&
				bindingOf(scopes, binding.shortcut.keystrokes[0]) === binding,
		),
	);
	const sorted = reachable.sort((a, b) => (a.shortcut.footer ?? 0) - (b.shortcut.footer ?? 0));
	return [
		...typing.map((label) => ({keystrokes: 'type', label})),
		...sorted.map(({shortcut}) => ({keystrokes: shownKeystrokes(shortcut), label: shortcut.label})),
	];
}
