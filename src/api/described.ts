/** The values of an enum whose descriptions stand elsewhere, by name: what `builder.enumType` takes. */
export const described = <Name extends string>(descriptions: Readonly<Record<Name, string>>) =>
  Object.fromEntries(
    Object.entries<string>(descriptions).map(([name, description]) => [name, { description }]),
  ) as Record<Name, { description: string }>;
