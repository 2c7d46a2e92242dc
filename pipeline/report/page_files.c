/* The page's styles and scripts, taken into the program by the assembler as they are. */
#include "page.h"

#define REPORT "pipeline/report/"

__asm__(".pushsection .rodata\n"
	".globl page_style\n"
	"page_style: .incbin \"" REPORT "uplot/uPlot.min.css\"\n.ascii \"\\n\"\n"
	".incbin \"" REPORT "page.css\"\n.byte 0\n"
	".globl page_script\n"
	"page_script: .incbin \"" REPORT "page.js\"\n.byte 0\n"
	".globl page_chart_library\n"
	"page_chart_library: .ascii \"/*\\n\"\n"
	".incbin \"" REPORT "uplot/LICENSE\"\n.ascii \"\\n*/\\n\"\n"
	".incbin \"" REPORT "uplot/uPlot.iife.min.js\"\n.byte 0\n"
	".globl page_charts\n"
	"page_charts: .incbin \"" REPORT "charts.js\"\n.byte 0\n"
	".popsection\n");
