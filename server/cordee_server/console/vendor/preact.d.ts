// The part of Preact that the views use; written here, not vendored.

export type Child = VNode | string | number | null | undefined | boolean | Child[];
export interface VNode {
    type: unknown;
    props: Record<string, unknown>;
}
export type Props = Record<string, any>;

export declare class Component<P = Props, S = Record<string, unknown>> {
    constructor(props: P);
    props: Readonly<P>;
    state: S;
    setState(change: Partial<S>): void;
    forceUpdate(): void;
    componentDidMount?(): void;
    componentDidUpdate?(before: P): void;
    componentWillUnmount?(): void;
    render(props?: P, state?: S): Child;
}
export declare function h(type: unknown, props: Props | null, ...children: Child[]): VNode;
export declare function render(child: Child, into: Element): void;
export declare function createRef<T extends Element>(): { current: T | null };
