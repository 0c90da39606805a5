import {isDeepStrictEqual} from 'node:util';
import {useCallback} from 'react';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {type ViewName, viewNames, viewTitles} from '../../state/names.js';
import type {StoreState} from '../../store/store.js';
import {type Row, rowWidth, span, spread} from '../../text/row.js';
import {type Draw, Raster} from '../raster.js';
import {type FiguresSize, figures} from './header-figures.js';
import {badges, connectionRow, fittingBadges, modeRow, targetRows} from './header-status.js';

type TabsSize = 'wide' | 'tight' | 'digits';

/** The views with their digits. The tightest form names only the current one. */
function tabs(view: ViewName, size: TabsSize): Row {
	return viewNames.flatMap((name, index): Row => {
		const title = viewTitles[name];
		if (name === view) return [span(` ${index + 1} ${title} `, 'selected'), ...(size === 'tight' ? [] : [span(' ')])];
		const words = {wide: ` ${title} `, tight: ` ${title}`, digits: ' '}[size];
		return [span(` ${index + 1}`, 'keystroke'), span(words, 'dim')];
	});
}

/** The figures are shortened first, since the panels show them as well; then the names of the views. */
const wordings = [
	['wide', 'full'],
	['tight', 'full'],
	['wide', 'short'],
	['tight', 'short'],
	['tight', 'hits'],
] as const satisfies readonly (readonly [TabsSize, FiguresSize])[];

/** The words of the header that come from the engine. */
type Words = {
	readonly mode: Row;
	readonly targets: readonly Row[];
	readonly badges: readonly (readonly Row[])[];
	readonly figures: Readonly<Record<FiguresSize, Row>>;
};

const wordsOf = (state: StoreState, glyphs: Glyphs): Words => ({
	mode: [...connectionRow(state), ...modeRow(state, glyphs)],
	targets: targetRows(state),
	badges: badges(state, glyphs),
	figures: {full: figures(state, 'full'), short: figures(state, 'short'), hits: figures(state, 'hits')},
});

function navigationRow(words: Words, view: ViewName, width: number): Row {
	for (const [names, size] of wordings) {
		const [left, right] = [tabs(view, names), words.figures[size]];
		if (rowWidth(left) + rowWidth(right) <= width) return spread(left, right, width);
	}
	return spread(tabs(view, 'digits'), words.figures.short, width);
}

function statusRow({mode, targets, badges: all}: Words, width: number): Row {
	const room = width - rowWidth(mode);
	const urgent = fittingBadges(all, room);
	const target = targets.find((words) => rowWidth(words) + 1 <= room - rowWidth(urgent)) ?? [];
	return spread([...mode, ...target], urgent, width);
}

/** Mode, server and badges; below them the views and the main figures. */
export function Header() {
	const glyphs = useGlyphs();
	const words = useEngine((state) => wordsOf(state, glyphs), isDeepStrictEqual);
	const view = useUi((ui) => ui.view);
	const draw: Draw = useCallback(
		({width}) => [statusRow(words, width), navigationRow(words, view, width)],
		[words, view],
	);
	return <Raster draw={draw} height={2} />;
}
