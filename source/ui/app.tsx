import {Box, useInput, usePaste, useWindowSize} from 'ink';
import {useLayoutEffect, useMemo, useSyncExternalStore} from 'react';
import {Overview} from './components/overview.js';
import {Rows} from './components/rows.js';
import {glyphSets} from './glyphs.js';
import {useHost} from './hooks/use-host.js';
import {keystrokesOf} from './input/keystroke.js';
import {bodySize, chrome, isTooSmall, type Size, smallest} from './layout.js';
import {drawOverlay} from './overlays/draw-overlay.js';
import {drawFooter} from './panels/footer.js';
import {drawHeader} from './panels/header.js';
import type {Controller} from './state/controller.js';
import type {ViewName} from './state/ui-state.js';
import type {Store} from './store.js';
import {type Row, span} from './text/row.js';
import {themeOf} from './theme.js';
import {drawFaultsView} from './views/faults-view.js';
import {drawKeysView} from './views/keys-view.js';
import {drawLogView} from './views/log-view.js';
import {drawPoolView} from './views/pool-view.js';
import {drawServerView} from './views/server-view.js';
import type {DrawView, ViewInput} from './views/view.js';

export type AppProps = {
	readonly store: Store;
	readonly controller: Controller;
	readonly noColor?: boolean;
};

const views: Readonly<Record<Exclude<ViewName, 'overview'>, DrawView>> = {
	keys: drawKeysView,
	pool: drawPoolView,
	server: drawServerView,
	faults: drawFaultsView,
	log: drawLogView,
};

function tooSmallRows({columns, rows}: Size): Row[] {
	return [
		[span('This screen is too small', 'strong')],
		[span(`needs ${smallest.columns}x${smallest.rows}, has ${columns}x${rows}`)],
		[span('q quits', 'dim')],
	];
}

/** The whole screen. Draws from the store and the controller's state, and hands every key to the controller. */
export function App({store, controller, noColor = false}: AppProps) {
	const {columns, rows} = useWindowSize();
	const size = useMemo(() => ({columns, rows}), [columns, rows]);
	const state = useSyncExternalStore(store.subscribe, store.getState);
	const ui = useSyncExternalStore(controller.subscribe, controller.getState);
	useLayoutEffect(() => controller.resize(size), [controller, size]);
	useHost(controller);
	useInput((input, key) => {
		if (key.eventType === 'release') return;
		controller.send(...keystrokesOf(input, key).map((keystroke) => ({type: 'key' as const, key: keystroke})));
	});
	usePaste((text) => controller.send({type: 'paste', text}));

	const glyphs = glyphSets[ui.glyphs];
	const look = useMemo(
		() => ({theme: themeOf(ui.theme, noColor), isAscii: ui.glyphs === 'ascii'}),
		[ui.theme, ui.glyphs, noColor],
	);
	const body = useMemo(() => bodySize(size), [size]);
	if (isTooSmall(size))
		return (
			<Box width={columns} height={rows}>
				<Rows rows={tooSmallRows(size)} x={0} y={0} width={columns} height={rows} look={look} />
			</Box>
		);

	const panelInput = {state, window: ui.window, glyphs};
	const viewInput: ViewInput = {...panelInput, ui, context: {...controller.context(), size}};
	const overlay = drawOverlay(viewInput, size);
	return (
		<Box width={columns} height={rows}>
			<Rows
				rows={drawHeader(panelInput, ui.view, columns)}
				x={0}
				y={0}
				width={columns}
				height={chrome.header}
				look={look}
			/>
			{ui.view === 'overview' ? (
				<Overview {...panelInput} look={look} focus={ui.focus} enlarged={ui.enlarged} size={body} top={chrome.header} />
			) : (
				<Rows
					rows={views[ui.view](viewInput, body.columns, body.rows)}
					x={0}
					y={chrome.header}
					width={body.columns}
					height={body.rows}
					look={look}
				/>
			)}
			<Rows
				rows={[drawFooter(ui, glyphs, columns, viewInput.context.now)]}
				x={0}
				y={rows - chrome.footer}
				width={columns}
				height={chrome.footer}
				look={look}
			/>
			{overlay && <Rows {...overlay} look={look} />}
		</Box>
	);
}
