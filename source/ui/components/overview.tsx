import {memo, useMemo} from 'react';
import type {Glyphs} from '../glyphs.js';
import type {Size} from '../layout.js';
import {overviewLayout, type Place} from '../overview-layout.js';
import {panelOf} from '../panels/index.js';
import type {PanelInput, WindowName} from '../panels/panel.js';
import {drawVitals} from '../panels/vitals.js';
import type {StoreState} from '../store.js';
import {frame, insideFrame, insideRule, rule} from '../text/frame.js';
import type {Look} from '../text/paint.js';
import {Rows} from './rows.js';

type PanelBoxProps = {
	readonly state: StoreState;
	readonly window: WindowName;
	readonly glyphs: Glyphs;
	readonly look: Look;
	readonly place: Place;
	readonly y: number;
	readonly isFocused: boolean;
	readonly style: 'frame' | 'rule';
};

const PanelBox = memo(function PanelBox({state, window, glyphs, look, place, y, isFocused, style}: PanelBoxProps) {
	const {panel: id, x, width, height} = place;
	const rows = useMemo(() => {
		const panel = panelOf(id);
		if (!panel) return [];
		const inside = style === 'frame' ? insideFrame(width, height) : insideRule(width, height);
		const {rows: drawn, notes} = panel.draw({state, window, glyphs}, inside.width, inside.height);
		const title = style === 'frame' ? panel.title : (panel.shortTitle ?? panel.title);
		const options = {title, notes, width, height, isFocused, glyphs};
		return style === 'frame' ? frame(drawn, options) : rule(drawn, options);
	}, [state, window, glyphs, id, width, height, isFocused, style]);
	return <Rows rows={rows} x={x} y={y} width={width} height={height} look={look} />;
});

export type OverviewProps = {
	readonly state: StoreState;
	readonly window: WindowName;
	readonly glyphs: Glyphs;
	readonly look: Look;
	readonly focus: string | undefined;
	readonly enlarged: string | undefined;
	readonly size: Size;
	/** Rows above it. */
	readonly top: number;
};

/** All panels, or the one that fills the screen. */
export function Overview({state, window, glyphs, look, focus, enlarged, size, top}: OverviewProps) {
	const layout = useMemo(() => overviewLayout(size), [size]);
	const common = {state, window, glyphs, look};
	if (enlarged !== undefined) {
		const place: Place = {panel: enlarged, x: 0, y: 0, width: size.columns, height: size.rows};
		return <PanelBox {...common} place={place} y={top} isFocused style="frame" />;
	}
	if (layout.style === 'vitals') {
		const input: PanelInput = {state, window, glyphs};
		const rows = drawVitals(input, size.columns, size.rows, focus);
		return <Rows rows={rows} x={0} y={top} width={size.columns} height={size.rows} look={look} />;
	}
	const {style} = layout;
	return layout.places.map((place) => (
		<PanelBox
			key={place.panel}
			{...common}
			place={place}
			y={place.y + top}
			isFocused={place.panel === focus}
			style={style}
		/>
	));
}
