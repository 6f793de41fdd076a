/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A small language: what a maker of parsers does with it is measured. */
%token NUMBER NAME IF ELSE WHILE RETURN
%left '<' '>'
%left '+' '-'
%left '*' '/'
%right NOT
%%
program:
      | program statement
      ;
statement: expression ';'
      | IF '(' expression ')' block ELSE block
      | WHILE '(' expression ')' block
      | RETURN expression ';'
      | block
      ;
block: '{' statements '}'
      ;
statements:
      | statements statement
      ;
expression: expression '+' expression
      | expression '-' expression
      | expression '*' expression
      | expression '/' expression
      | expression '<' expression
      | expression '>' expression
      | NOT expression
      | '(' expression ')'
      | NUMBER
      | NAME
      | NAME '=' expression
      | NAME '(' arguments ')'
      | NAME '[' expression ']'
      ;
arguments:
      | expressions
      ;
expressions: expression
      | expressions ',' expression
      ;
%%
