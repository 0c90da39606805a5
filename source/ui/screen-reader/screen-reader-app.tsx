import {Box, Text} from 'ink';
import {useLayoutEffect} from 'react';
import {inGlyphs} from '../../text/glyph-set.js';
import type {Controller} from '../controller.js';
import {useControls} from '../hooks/use-controls.js';
import {useSelector} from '../hooks/use-selector.js';
import {scrollScopes} from '../state/scroll.js';
import type {Store} from '../store/store.js';
import {dialogLines, viewportOf} from './dialog-lines.js';
import {viewLines} from './view-lines.js';

type ScreenReaderAppProps = {readonly store: Store; readonly controller: Controller};

/** The dashboard as plain sentences, for screen readers. Changes at most once a second. */
export function ScreenReaderApp({store, controller}: ScreenReaderAppProps) {
	const state = useSelector(store, (all) => all);
	const ui = useSelector(controller, (all) => all);
	useControls(controller);
	useLayoutEffect(() => {
		for (const scope of scrollScopes) controller.setViewport(scope, viewportOf(ui));
	}, [controller, ui]);
	const lines = [...viewLines(ui, state), ...dialogLines(ui, controller.context())];
	return (
		<Box flexDirection="column">
			{lines.map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
				<Text key={index}>{inGlyphs(line, ui.glyphs)}</Text>
			))}
		</Box>
	);
}
