import {Box, Text, useInput, usePaste} from 'ink';
import {useSyncExternalStore} from 'react';
import {explanation} from '../explanations.js';
import {count, latency, percent} from '../format.js';
import {ascii} from '../glyphs.js';
import {helpLines} from '../help-lines.js';
import {useHost} from '../hooks/use-host.js';
import {keystrokesOf} from '../input/keystroke.js';
import {textOf} from '../input/line-editor.js';
import {lineOfCall} from '../input/split-command.js';
import {hitRatioOf} from '../panels/hit-ratio.js';
import {recent} from '../panels/time-frame.js';
import type {Controller} from '../state/controller.js';
import {callOf, outageItems} from '../state/outage-menu.js';
import {paletteView} from '../state/palette-model.js';
import type {UiState} from '../state/ui-state.js';
import type {Store, StoreState} from '../store.js';
import {printable} from '../text/printable.js';
import {readerLines} from './reader-lines.js';

function figures(state: StoreState): readonly string[] {
	const snapshot = state.snapshot;
	if (!snapshot) return ['Starting.'];
	const {cache, workload, target, faults} = snapshot;
	const hits = hitRatioOf(recent({state, window: '1m', glyphs: ascii}, 10));
	const last = state.log.filter((event) => event.level !== 'debug').at(-1);
	return [
		`${target.name} ${target.version ?? ''}, ${target.kind}.`,
		`Mode: ${cache.mode.mode}.`,
		faults.length > 0 ? `Simulated outage: ${faults.map((fault) => fault.label).join(', ')}.` : 'No outage.',
		`Hit ratio: ${percent(hits, 0)}. p99: ${latency(workload.running ? workload.settle.p99 : cache.latency.get.p99)}.`,
		`Wrong reads: ${workload.calls > 0 ? count(workload.wrongReads) : 'no data'}. Journal: ${count(cache.journal.size)} keys.`,
		...(last ? [`Last event: ${printable(last.text)}.`] : []),
	];
}

function dialogue(ui: UiState, controller: Controller): readonly string[] {
	const {overlay, reply} = ui;
	const context = controller.context();
	if (overlay.kind === 'palette') {
		const chosen = paletteView(overlay, context).candidates[Math.max(0, overlay.selected)];
		return [
			`Command: ${overlay.line.before}${overlay.line.after}`,
			overlay.error
				? `Error: ${printable(overlay.error)}`
				: chosen
					? `Tab completes to ${printable(chosen.text)}`
					: 'Enter runs',
		];
	}
	if (overlay.kind === 'outage') {
		const item = outageItems(context)[overlay.selected];
		const call = item && callOf(item, overlay.lasting);
		return [`Outage menu. Enter runs: ${call ? lineOfCall(call) : 'nothing, it is refused here'}`];
	}
	if (overlay.kind === 'explain') return explanation(overlay.subject, context.size).lines.map((line) => line.trim());
	if (overlay.kind === 'help')
		return [
			`Help. Search: ${textOf(overlay.line)}`,
			...helpLines(context.commands, textOf(overlay.line), 200)
				.slice(overlay.top, overlay.top + 10)
				.map((line) => (line.kind === 'title' ? `${line.text}:` : `${line.name} ${line.text}`)),
		];
	if (overlay.kind === 'edit')
		return [`Edit ${printable(overlay.key)}: ${printable(textOf(overlay.line))}`, overlay.about];
	if (overlay.kind === 'reply') return overlay.lines.map(printable);
	if (overlay.kind === 'confirm')
		return [...overlay.about.map(printable), `Type ${overlay.word} and Enter: ${overlay.line.before}`];
	if (reply.kind === 'answered')
		return [printable(reply.reply.ok ? reply.reply.lines.join('. ') : `Error: ${reply.reply.message}`)];
	return ['Keys: 1 to 6 views, o outage menu, colon command, question mark help, p pause, q quit.'];
}

/** The same figures as plain sentences, without a drawing, for people who hear the screen. Changes once a second at most. */
export function ScreenReaderApp({store, controller}: {readonly store: Store; readonly controller: Controller}) {
	const state = useSyncExternalStore(store.subscribe, store.getState);
	const ui = useSyncExternalStore(controller.subscribe, controller.getState);
	useHost(controller);
	useInput((input, key) => {
		controller.send(...keystrokesOf(input, key).map((keystroke) => ({type: 'key' as const, key: keystroke})));
	});
	usePaste((text) => controller.send({type: 'paste', text}));
	return (
		<Box flexDirection="column">
			{[
				...(ui.view === 'overview' ? figures(state) : readerLines(ui, state, controller.context())),
				...dialogue(ui, controller),
			].map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
				<Text key={index}>{line}</Text>
			))}
		</Box>
	);
}
