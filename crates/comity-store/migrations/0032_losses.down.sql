DROP TABLE masked;
DROP TABLE loss_trace;
DROP TABLE loss_name;
DROP TABLE loss;
