/* The .sql files of schemas/sql/, taken into the program by the assembler as they are. */
#include "sql_scripts.h"

#define SCRIPT(name)                                                                                 \
	__asm__(".pushsection .rodata\n"                                                             \
		"script_" #name ": .incbin \"schemas/sql/" #name ".sql\"\n"                          \
		"script_" #name "_end: .byte 0\n"                                                    \
		".popsection\n");                                                                    \
	extern const char script_##name[], script_##name##_end[];                                    \
	struct str sql_##name(void)                                                                  \
	{                                                                                            \
		return str_span(script_##name, script_##name##_end);                                 \
	}

SCRIPT(tables)
SCRIPT(layout_2)
SCRIPT(rules)
SCRIPT(indexes)
SCRIPT(marts)
SCRIPT(views)
SCRIPT(sqlite)
SCRIPT(postgresql)
SCRIPT(roles)
SCRIPT(followup)
