/**
 * A text with something to see in it: a letter, a digit, a mark of punctuation or a symbol. Spaces, format characters (zero-width
 * spaces and joiners) and fillers, whatever Unicode calls them, are nothing to see.
 */
export const visibleText = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
