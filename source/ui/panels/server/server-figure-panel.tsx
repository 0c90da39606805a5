import type {ServerFigures} from '../../../engine/protocol.js';
import {useEngine} from '../../hooks/use-screen.js';
import type {Sample} from '../../store/sample.js';
import {type FigureChart, type FigureLine, FigurePanel} from '../figure-panel.js';
import type {PanelProps} from '../panel.js';
import {whyEmpty} from './why-empty.js';

export type ServerLine = FigureLine<ServerFigures>;

export type ServerChart = FigureChart<ServerFigures>;

const figuresOf = ({server}: Sample) => server;

/** A panel with a chart of figures of the server. Pass the same `chart` object each time. */
export function ServerFigurePanel({chart, isFocused}: PanelProps & {readonly chart: ServerChart}) {
	const now = useEngine(({snapshot}) => snapshot?.activity.latest);
	const empty = useEngine(({snapshot}) => (snapshot?.activity.latest ? chart.empty : whyEmpty(snapshot)));
	return <FigurePanel chart={chart} now={now} of={figuresOf} empty={empty} isFocused={isFocused} />;
}
