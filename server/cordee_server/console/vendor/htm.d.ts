// htm's one function; written here, not vendored.

declare const htm: {
    bind<Result>(
        h: (type: any, props: Record<string, any> | null, ...children: any[]) => Result,
    ): (strings: TemplateStringsArray, ...values: any[]) => Result;
};
export default htm;
