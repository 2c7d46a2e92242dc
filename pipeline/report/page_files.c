/* page.css and page.js, taken into the program by the assembler as they are. */
#include "page.h"

__asm__(".pushsection .rodata\n"
	".globl page_style\npage_style: .incbin \"pipeline/report/page.css\"\n.byte 0\n"
	".globl page_script\npage_script: .incbin \"pipeline/report/page.js\"\n.byte 0\n"
	".popsection\n");
