import {bindingOf, worksFor} from './commands/keymap.js';
import type {Keystroke} from './input/keystroke.js';
import {insert} from './input/line-editor.js';
import {type Context, type Effect, type Message, noEffects, type Step} from './state/command.js';
import {askForConsent} from './state/confirm.js';
import {writeRefusal} from './state/gate.js';
import {withCompletions} from './state/palette/palette.js';
import {promptOf} from './state/prompt.js';
import {scopesOf} from './state/scopes.js';
import {type UiState, withAnswer} from './state/ui-state.js';
import {refreshView} from './state/views/refresh-view.js';

/**
 * Starts the command of a keystroke. If there is none, a character is added to the line that is being typed; other keystrokes
 * do nothing.
 */
function updateKeystroke(before: UiState, keystroke: Keystroke, context: Context): Step {
	// An answer stays in the footer until the next keystroke.
	const state: UiState = before.reply.kind === 'answered' ? {...before, reply: {kind: 'none'}} : before;
	const binding = bindingOf(scopesOf(state, context.isTooSmall, context.snapshot?.source), keystroke.name);
	if (binding) {
		if (!worksFor(binding, context.snapshot?.source)) return noEffects(state);
		const {command, scope} = binding;
		const refusal = writeRefusal(command, context);
		if (refusal !== undefined) return noEffects(withAnswer(state, false, refusal, context.now));
		return command.run(state, context, {by: 'keystroke', keystroke, scope});
	}
	return keystroke.text === undefined || context.isTooSmall
		? noEffects(state)
		: typeText(state, keystroke.text, context);
}

/** Adds text to the line that is being typed. Without one it is ignored, since pasted text must not act as keystrokes. */
function typeText(state: UiState, text: string, context: Context): Step {
	const prompt = promptOf(state);
	return prompt ? prompt.change(insert(prompt.line, text), context) : noEffects(state);
}

/** The next state, and the work to do outside of it. Pure: everything that it needs is passed in. */
export function update(state: UiState, message: Message, context: Context): Step {
	switch (message.type) {
		case 'keystroke':
			return updateKeystroke(state, message.keystroke, context);
		case 'paste':
			return typeText(state, message.text, context);
		case 'tick':
			return refreshView(state, context);
		case 'completions':
			return noEffects(withCompletions(state, message.question, message.items));
		case 'edited':
			return message.take(state, message.edited, context);
		case 'reply':
			return askForConsent(state, message.answer, context) ?? message.take(state, message.answer, context);
	}
}

/** Handles several messages in one step: keystrokes that were typed faster than they were read. */
export function updateAll(state: UiState, messages: readonly Message[], context: Context): Step {
	let current = state;
	const effects: Effect[] = [];
	for (const message of messages) {
		const next = update(current, message, context);
		current = next.state;
		effects.push(...next.effects);
	}
	return {state: current, effects};
}
