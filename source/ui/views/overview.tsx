import {Box} from 'ink';
import type {ComponentType} from 'react';
import type {Source} from '../../engine/protocol.js';
import {PanelFrameContext} from '../components/panel.js';
import {useEngine, useTerminalSize, useUi} from '../hooks/use-screen.js';
import {panels} from '../panels/index.js';
import {overviewPlan, type PanelId, type PlanRow} from '../state/views/plans/overview-plan.js';
import {ApplicationVitals} from './vitals/application-vitals.js';
import {ServerVitals} from './vitals/server-vitals.js';
import {Vitals} from './vitals/vitals.js';

/** A line for each figure, where there is no room for panels. */
const vitals: Readonly<Record<Source, ComponentType>> = {
	cache: Vitals,
	server: ServerVitals,
	application: ApplicationVitals,
	process: Vitals,
};

/** All panels that have room, or the one that is enlarged. */
export function Overview() {
	const size = useTerminalSize();
	const source = useEngine((state) => state.source);
	const focus = useUi((ui) => ui.focus);
	const enlarged = useUi((ui) => ui.enlarged);
	if (enlarged !== undefined) {
		const {component: Panel} = panels[enlarged];
		return <Panel isFocused />;
	}
	const {frame, rows} = overviewPlan(source, size);
	if (rows.length === 0) {
		const {[source]: Lines} = vitals;
		return <Lines />;
	}
	return (
		<PanelFrameContext value={frame}>
			<Box flexDirection="column" flexGrow={1}>
				{rows.map((row) => (
					<PanelRow key={row.panels[0]?.[0]} row={row} focus={focus} gap={frame === 'rule' ? 2 : 0} />
				))}
			</Box>
		</PanelFrameContext>
	);
}

type PanelRowProps = {readonly row: PlanRow; readonly focus: PanelId | undefined; readonly gap: number};

function PanelRow({row: {height, panels: placed}, focus, gap}: PanelRowProps) {
	const size = 'rows' in height ? {height: height.rows, flexShrink: 0} : {flexGrow: height.share, flexBasis: 0};
	return (
		<Box {...size} gap={gap}>
			{placed.map(([id, share]) => {
				const {component: Panel} = panels[id];
				return (
					<Box key={id} flexGrow={share} flexBasis={0}>
						<Panel isFocused={id === focus} />
					</Box>
				);
			})}
		</Box>
	);
}
