export const topologyKinds = ['cluster', 'sentinel'] as const;

export type TopologyKind = (typeof topologyKinds)[number];
