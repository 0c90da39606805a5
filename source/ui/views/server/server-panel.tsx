import {type ReactNode, useCallback} from 'react';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {type ServerTab, serverTabs, tabTitles} from '../../state/views/server-state.js';
import {type Row, rowWidth, type Span, span} from '../../text/row.js';

/** The frame of every tab, with the tabs themselves. */
export function ServerPanel({notes, children}: {readonly notes: readonly Row[]; readonly children: ReactNode}) {
	const tab = useUi((ui) => ui.server.tab);
	const target = useEngine(({snapshot}) => `${snapshot?.target.name ?? ''} ${snapshot?.target.version ?? ''}`.trim());
	const tabs: Draw = useCallback(({width}) => [tabsRow(tab, width)], [tab]);
	return (
		<Panel title={target === '' ? 'Server' : `Server: ${printable(target)}`} notes={notes}>
			<Raster draw={tabs} height={1} />
			{children}
		</Panel>
	);
}

/** The names of the tabs. Where they do not fit, the first ones are left out until the current one is in sight. */
function tabsRow(tab: ServerTab, width: number): Row {
	const named = serverTabs.map((name): Row => [span(` ${tabTitles[name]} `, name === tab ? 'selected' : 'dim')]);
	const at = serverTabs.indexOf(tab);
	const isInSight = (first: number) => rowWidth(named.slice(first, at + 1).flat()) <= width;
	const first = named.findIndex((_, index) => isInSight(index));
	const shown: Span[] = [];
	for (const name of named.slice(Math.max(0, first))) {
		if (rowWidth([...shown, ...name]) > width) break;
		shown.push(...name);
	}
	return shown;
}
